a = {1, 2, 3}
b = {3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), 2 in a, 9 not in a, len(a), a == {3, 2, 1, 1})
print(a <= {1, 2, 3}, a < {1, 2, 3}, a > {1}, a >= b, a.isdisjoint({7}), a.issubset([1, 2, 3, 4]), a.issuperset("") )
print(set(), {1}, type({}), set("aa"), sorted(set([3, 1, 3])), bool(set()), sorted({x % 3 for x in range(10)}))
