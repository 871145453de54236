print([x * x for x in range(6) if x % 2], {x: x * x for x in range(4)}, sorted({x % 3 for x in range(10)}))
print([(x, y) for x in range(3) for y in range(x)], [x for row in [[1, 2], [3]] for x in row if x != 2])
print([x for x in range(30) if x % 2 == 0 if x % 3 == 0], [[c for c in r] for r in ("ab", "cd")], {k: v for k, v in zip("ab", (1, 2))})
print(sum(x for x in range(5)), "".join(c.upper() for c in "abc"), max((len(w), w) for w in ["aa", "b", "cc"]), dict((k, 1) for k in "xy"))
