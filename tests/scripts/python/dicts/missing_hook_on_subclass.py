class Counter(dict):
    def __missing__(self, key):
        self[key] = 0
        return 0

c = Counter()
for ch in "hello":
    c[ch] += 1
print(c, c["zz"], len(c), c.get("nope"), isinstance(c, dict))
