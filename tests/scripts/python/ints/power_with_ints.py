print(2 ** 10, 2 ** 100, (-3) ** 3, (-3) ** 4, 0 ** 0, 7 ** 0)
print(2 ** -2, (-2) ** -3, 10 ** -5)
print(pow(3, 4), pow(3, 200, 13), pow(-3, 3, 7), pow(3, 3, -7), pow(2, 0, 1))
print(pow(3, -1, 11), pow(7, -2, 10 ** 9 + 7))
try:
    0 ** -1
except ZeroDivisionError as e:
    print(e)
try:
    pow(2, -1, 4)
except ValueError as e:
    print(e)
try:
    pow(2, 3, 0)
except ValueError as e:
    print(e)
