s = ""
kept = []
for i in range(400):
    s += "ab" if i % 3 else "é"
    if i % 100 == 50:
        kept.append(s)
print([len(k) for k in kept], [k[-3:] for k in kept])

# Two strings that continue the same one.
stem = "x" * 100 + "stem"
stem += "1"
left = stem + "left"
right = stem + "right"
both = left + right
print(stem[-6:], left[-6:], right[-6:], len(both), both.count("stem1"))

# The hash and the index of a string that grows.
d = {}
key = "k" * 50
for i in range(5):
    key += str(i)
    d[key] = i
print(d["k" * 50 + "01"], d[key], key[54], key[-1], len(d))

wide = "é" * 30
parts = []
for i in range(5):
    wide += "ü" + str(i)
    parts.append((len(wide), wide[30 + 2 * i], wide[-1]))
print(parts)
s = "a" * 30
t = s
t += t
t += t
print(len(s), len(t), t == "a" * 120, s + "" == s, "" + s == s)
