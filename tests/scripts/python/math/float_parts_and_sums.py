import math

print(math.fmod(7, 3), math.fmod(-7, 3), math.modf(3.25), math.modf(-3.25), math.frexp(8.0), math.ldexp(0.5, 4), math.fsum([0.1] * 10), math.dist((0, 0), (3, 4)), math.remainder(7, 4))
