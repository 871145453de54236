first, *rest = [1, 2, 3]
*init, last = "abc"
a, *mid, z = range(6)
x, *none, y = (1, 2)
(*only,) = {"k": 1}
print(first, rest, init, last, a, mid, z, x, none, y, only)
for head, *tail in [(1, 2, 3), "xy", [9]]:
    print(head, tail)
[p, *[q, r]] = 1, 2, 3
print(p, q, r)
