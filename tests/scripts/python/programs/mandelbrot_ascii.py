def iterations(cx, cy, limit):
    x = y = 0.0
    for i in range(limit):
        x, y = x * x - y * y + cx, 2 * x * y + cy
        if x * x + y * y > 4:
            return i
    return limit

shades = " .:-=+*#%@"
for row in range(-10, 11, 2):
    print("".join(shades[min(iterations(col / 20, row / 10, 30) // 3, 9)] for col in range(-42, 15)))
