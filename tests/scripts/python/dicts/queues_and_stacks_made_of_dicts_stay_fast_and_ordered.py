# The oldest key goes, a new one comes: many times the size.
d = {i: i * 2 for i in range(100)}
for i in range(100, 5000):
    del d[next(iter(d))]
    d[i] = i * 2
print(len(d), next(iter(d)), list(d)[-1], sum(d.values()))
for i in range(4950, 4960):
    value = d.pop(i)
    d[i] = value
print(list(d)[:3], list(d)[-3:], len(d))
while len(d) > 3:
    d.popitem()
print(d)
for key in list(d):
    del d[key]
print(d, len(d), list(d.items()))
for i in range(20):
    d[i] = i
    if i % 2:
        del d[i - 1]
print(d)
s = set()
for i in range(1000):
    s.add(i)
    if i >= 10:
        s.remove(i - 10)
print(sorted(s))
while s:
    s.pop()
s.add("again")
print(s)
