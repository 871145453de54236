# Characters of ASCII are stepped inline, others are not, and texts of all lengths are where they are.
texts = ["", "a", "é", "aé", "éa", "日本", "a🎉b", "\x7f\x80", "\x00\x01", "a" * 240 + "b", "a" * 240 + "é" + "b" * 20, "é" * 130]
for text in texts:
    seen = []
    for c in text:
        seen.append(c)
    print(len(seen), "".join(seen) == text, seen[-3:])
    print([c for c in text][:3], [(i, c) for i, c in enumerate(text)][-2:], [x + y for x, y in zip(text, text)][:2])
    print([(n, c) for n, c in zip(range(100), text)][-1:], [(c, n) for c, n in zip(text, range(2))])


# The name may be bound to something else meanwhile; the loop goes on with the text that it began with.
s = "abé"
for c in s:
    s = s + c + "!"
    print(c, s)
grown = "x" * 300
count = 0
for c in grown:
    grown += "y"
    count += 1
print(count, len(grown), c)


def pairs(text):
    for a in text:
        for b in text:
            yield a + b


print(list(pairs("xé")), list(pairs("")))

# An iterator that is used up stays so, and can be shared between loops.
it = iter("abcdé")
for c in it:
    if c == "b":
        break
for d in it:
    print(c, d)
for e in it:
    print("never")
print(next(it, "done"), list(it))
it = iter("12345")
print([(a, b) for a, b in zip(it, it)], list(it))
for a, b in ["xy", "é1"]:
    print(a, b)
for n, (a, b) in enumerate(["xy", "é1"]):
    print(n, a, b)
while_text = "abc"
for c in while_text:
    if c == "b":
        continue
    print(c)
else:
    print("else")
