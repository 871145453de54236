def find(grid, wanted):
    for y, row in enumerate(grid):
        for x, v in enumerate(row):
            if v == wanted:
                break
        else:
            continue
        return x, y
    return None

grid = [[1, 2, 3], [4, 5, 6]]
print(find(grid, 5), find(grid, 1), find(grid, 10))
