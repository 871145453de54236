import math

print(f"{math.gamma(5):.6f} {math.lgamma(10):.10f} {math.erf(0.5):.10f} {math.erfc(0.5):.10f}", math.nextafter(1.0, 2.0), math.ulp(1.0), round(math.cbrt(27.0), 12))
