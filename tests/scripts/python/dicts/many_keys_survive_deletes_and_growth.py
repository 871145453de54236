d = {}
for i in range(1000):
    d[i * 7 % 1009] = i
for i in range(0, 1009, 3):
    d.pop(i, None)
for i in range(2000, 2100):
    d[str(i)] = i
keys = list(d)
print(len(d), keys[:5], keys[-2:], sum(v for v in d.values()), d["2050"], 3 in d, 4 in d)
while len(d) > 3:
    d.popitem()
print(d)
