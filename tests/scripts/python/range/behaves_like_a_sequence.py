r = range(2, 20, 3)
print(r, list(r), len(r), r[0], r[-1], r[1:3], r[::-1], 8 in r, 9 in r, r.index(11), r.count(5), r.start, r.stop, r.step)
print(list(range(5)), list(range(5, 0, -2)), list(range(0)), list(range(5, 1)), range(3) == range(0, 3, 1), range(0) == range(2, 2), bool(range(0)))
print(sum(range(101)), max(range(5)), sorted(range(3), reverse=True), list(reversed(range(0, 10, 3))), hash(range(3)) == hash(range(0, 3)), tuple(range(-3, 3, 2)))
