inf = float("inf")
nan = float("nan")
print(inf, -inf, nan, inf - inf, inf * 0, inf + 1, 1 / inf, -1 / inf)
print(nan == nan, nan != nan, nan < 1, nan > 1, inf == inf, inf > 10 ** 400)
print(max(1.0, nan), max(nan, 1.0), min(inf, -inf))
n = nan
print(n in [n], [n] == [n], n is n)
print(float("-Infinity"), float("NaN"), float("  1e5 "), float("1_0.0"))
print(inf // 1, inf % 2, 5 % inf, -5 % inf)
