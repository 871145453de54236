print(2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53), 2 ** 53 + 1 > float(2 ** 53))
print(10 ** 400 > 1e308, -10 ** 400 < -1e308, 10 ** 400 == float("inf"))
print(1 == 1.0, hash(1) == hash(1.0), hash(2 ** 70) == hash(float(2 ** 70)))
print({1: "int"}[1.0], 0.5 in {0.5: 1}, 3 < 3.5 < 4)
