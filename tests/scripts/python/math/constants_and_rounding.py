import math

print(math.pi, math.e, math.tau, math.inf, math.nan, -math.inf)
print(math.floor(2.7), math.floor(-2.7), math.ceil(2.1), math.ceil(-2.1), math.trunc(-2.9), math.floor(1e20), type(math.floor(2.5)), math.ceil(5))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1), math.isclose(1, 1.05, rel_tol=0.1), math.copysign(3, -0.0))
