a, b = 1, 2
a, b = b, a
(c, d), [e, f] = (3, 4), "xy"
x = y = z = [0]
x.append(1)
print(a, b, c, d, e, f, z, x is z)
[g, [h, (i,)]] = 1, [2, [3]]
print(g, h, i)
d = {}
d["a"], d["b"] = 1, 2
items = [0, 0]
items[0], items[1] = items[1] + 1, items[0] + 2
i = 0
i, items[i] = 1, "second"
print(d, items)
() = []
