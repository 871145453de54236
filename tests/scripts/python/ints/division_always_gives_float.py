print(4 / 2, 1 / 3, -7 / 2, 10 ** 20 / 10 ** 19)
print(2 ** 1000 / 2 ** 999, (2 ** 70 + 1) / 2 ** 70)
print(type(4 / 2), type(4 // 2), type(4.0 // 2))
try:
    10 ** 400 / 1
except OverflowError as e:
    print(e)
