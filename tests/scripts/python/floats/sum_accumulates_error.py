print(0.1 + 0.1 + 0.1 == 0.3, 1.1 + 2.2)
total = 0.0
for _ in range(1000):
    total += 0.001
print(total, abs(total - 1) < 1e-9)
x = 1.0
n = 0
while 1.0 + x != 1.0:
    x /= 2
    n += 1
print(n, x)
