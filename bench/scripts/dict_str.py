# Counting in dicts, splitting, joining, concatenating and formatting text.
def words(n):
    seed = 42
    out = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out.append("w" + str(seed % 5000))
    return out


def count(items):
    counts = {}
    for w in items:
        if w in counts:
            counts[w] += 1
        else:
            counts[w] = 1
    return counts


text = " ".join(words(600000))
counts = count(text.split())
total = 0
for w, n in counts.items():
    total += n * len(w)
lines = []
for i in range(400000):
    lines.append(f"{i}:{i * 7 % 1000:>4}|" + str(i % 13))
joined = ",".join(lines)
length = 0
for part in joined.split(","):
    head, tail = part.split(":")
    length += len(head.strip()) + len(tail.replace("|", ""))
name = ""
for i in range(600000):
    name += "x"
    if len(name) > 50:
        name = name[25:].upper().lower()
print(len(counts), total, length, len(name), max(counts.values()))
