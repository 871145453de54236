points = {(0, 0): "origin", (1, 2): "p"}
print(points[0, 0], points[(1, 2)], (1, 2) in points, hash((1, 2)) == hash((1, 2)), hash((1, 2)) == hash((1.0, 2.0)))
print(sorted([(2, "a"), (1, "b"), (1, "a")]), max((1, 9), (2, 0)), (1, (2, 3)) == (1, (2, 3)))
