# Sets and dicts of tuples: cells of a growing pattern.
def step(cells):
    counts = {}
    for x, y in cells:
        for dx, dy in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
            key = (x + dx, y + dy)
            counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in cells}


cells = {(1, 0), (2, 0), (0, 1), (1, 1), (1, 2)}
total = 0
for _ in range(3000):
    cells = step(cells)
    total += len(cells)
print(total, len(cells))
