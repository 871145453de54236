n = 2 ** 63 - 3
seen = []
for _ in range(5):
    n += 1
    seen.append(n)
for _ in range(5):
    n -= 1
print(seen, n, n == 2 ** 63 - 3)
total = 1
for i in range(1, 30):
    total *= i
    if total % 1000003 == 0:
        break
print(total)
x = -(2 ** 62)
print(x * 2, x * 2 - 1, x * -2, x - 2 ** 62, abs(x * 2), (x * 2) // -1, (x * 4) % 7)
