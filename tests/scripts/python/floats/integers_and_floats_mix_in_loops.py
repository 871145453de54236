x = 0
for i in range(10):
    x += i if i % 2 else i / 4
print(x, type(x).__name__)
y = 1
for _ in range(70):
    y *= 2
y *= 1.0
print(y, y == 2 ** 70, int(y) == 2 ** 70, y // 3, y % 3)
