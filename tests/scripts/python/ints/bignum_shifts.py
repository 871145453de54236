print(1 << 64, 1 << 100, -1 << 65)
print((1 << 100) >> 90, -(1 << 100) >> 90, (-(1 << 100) - 1) >> 90)
print(12345678901234567890 >> 3, -12345678901234567890 >> 3, 5 >> 1000, -5 >> 1000)
print(0 << 10000)
for bad in (lambda: 1 << -1, lambda: 1 >> -1):
    try:
        bad()
    except ValueError as e:
        print("ValueError:", e)
