import math

for d in (0, 30, 45, 90, 180, 270):
    r = math.radians(d)
    print(d, f"{math.sin(r):.12f} {math.cos(r):.12f} {math.degrees(r):.6f}")
print(f"{math.atan2(1, -1):.12f} {math.asin(1):.12f} {math.acos(0.5):.12f} {math.atan(1):.12f} {math.tan(0.5):.12f} {math.sinh(1):.10f} {math.cosh(1):.10f} {math.tanh(1):.10f}")
