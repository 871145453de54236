g = (x * x for x in range(5) if x % 2 == 0)
print(next(g), list(g), list(g), sum(x for x in range(4)), type(g).__name__)
print(any(x > 2 for x in range(10 ** 9)), all(x < 3 for x in range(10 ** 9)), max((len(w) for w in ("a", "bbb")), default=0))
print(list((a, b) for a in range(2) for b in "xy"), set(c for c in "aab") == {"a", "b"}, tuple(i for i in [1]))
