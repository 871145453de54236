print(sum([1, 2, 3]), sum((1, 2), 10), sum([], 5), sum([0.5, 1]), sum([[1], [2]], []), sum(x * x for x in range(5)), sum([2 ** 62, 2 ** 62]), sum([True, True]), sum([1, 2], start=3))
print(any([]), all([]), any([0, "", None]), any([0, 3]), all([1, "x"]), all([1, 0]), any(x > 3 for x in range(5)), all("abc"))
seen = []
print(any(seen.append(x) or x > 1 for x in range(10)), seen)
try:
    sum(["a", "b"], "")
except TypeError as e:
    print(e)
