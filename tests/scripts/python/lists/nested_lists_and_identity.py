grid = [[r * c for c in range(4)] for r in range(3)]
grid[1][2] = "x"
print(grid, [row[2] for row in grid], list(zip(*grid)), sum([[1], [2, 3]], []))
a = []
a.append(a)
print(a, a[0][0] is a, len(a), [a])
