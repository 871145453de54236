for a in (7.5, -7.5):
    for b in (2.0, -2.0, 0.5):
        print(a, b, a // b, a % b, divmod(a, b))
print(1e300 % 7, -0.0 % 3, 0.0 // -3, 5.0 // 0.1, 1 // 0.1)
print(3 % -2.5, -1e-20 % 1.0)
