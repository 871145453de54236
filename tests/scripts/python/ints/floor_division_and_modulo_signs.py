for a in (7, -7):
    for b in (2, -2, 3, -3):
        print(a, b, a // b, a % b, divmod(a, b), (a // b) * b + a % b == a)
print(0 // 5, 0 % -5, 1 // -1000, 1 % -1000, -1 // 1000, -1 % 1000)
