a = [3, 1, 2]
print(sorted(a), a, sorted((2, 1)), sorted("bca", reverse=True), sorted({"b": 0, "a": 1}), sorted(a, key=lambda x: -x), sorted(x % 3 for x in range(5)))
print(list(reversed(sorted(a))), sorted([("b", 1), ("a", 2)], key=lambda p: p[1]), sorted(["B", "a", "C"], key=str.lower), sorted([None, None], key=lambda x: 0))
