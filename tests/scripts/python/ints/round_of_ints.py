print(round(7), round(1234, -2), round(1250, -2), round(1350, -2), round(-1250, -2))
print(round(15, -1), round(25, -1), round(5, -1), round(4, -1), round(12345, 3))
print(round(10 ** 30 + 5, -1), type(round(7)))
