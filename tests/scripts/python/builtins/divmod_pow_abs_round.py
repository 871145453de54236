print(divmod(17, 5), divmod(-17, 5), divmod(17.5, 5), pow(2, 10), pow(2.0, 3), pow(5, 3, 7), abs(-5), abs(-2.5), abs(True), abs(-(10 ** 30)))
print(round(3.7), round(-3.5), round(3.14159, 2), round(1e20), round(True), round(2.5), round(3.5), round(1234, -2), pow(base=2, exp=3))
