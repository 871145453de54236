import math

print(math.sqrt(16), math.sqrt(2), math.pow(2, 0.5), math.exp(1), math.log(math.e), math.log(8, 2), math.log2(1024), math.log10(1000), math.hypot(3, 4), math.fabs(-3))
print(math.isqrt(99), math.isqrt(10 ** 30), math.log(10 ** 400), math.log2(2 ** 2000), math.exp(0), math.expm1(1e-10), math.log1p(1e-10))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.exp(1000), lambda: math.pow(0, -1), lambda: math.isqrt(-1)):
    try:
        f()
    except (ValueError, OverflowError) as e:
        print(type(e).__name__ + ":", e)
