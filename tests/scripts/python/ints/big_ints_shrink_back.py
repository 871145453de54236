n = 2 ** 100
print(n - n, n - (n - 5), n // (n // 7), n >> 98, n % 1000)
print((n + 1) - n == 1, (n + 1) - n is not None, type(n - n))
d = {n - (n - 3): "three"}
print(d[3], hash(n - (n - 3)) == hash(3))
