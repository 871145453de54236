pairs = [(1, (2, 3)), (4, (5, 6))]
print([a + b + c for a, (b, c) in pairs], [rest for first, *rest in ["abc", "de"]], {i: c for i, c in enumerate("xy")})
d = {}
[d for d["k"] in range(3)]
print(d)
