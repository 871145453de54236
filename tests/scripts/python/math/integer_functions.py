import math

print(math.gcd(12, 18), math.gcd(0, 5), math.gcd(-4, 6), math.gcd(), math.gcd(12, 18, 27), math.lcm(4, 6), math.lcm(), math.factorial(5), math.factorial(25), math.comb(5, 2), math.comb(50, 25), math.perm(5, 2), math.comb(3, 5), math.prod([1, 2, 3, 4]), math.prod([], start=7))
for bad in (lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.comb(-1, 2), lambda: math.gcd(1.5, 2)):
    try:
        bad()
    except (ValueError, TypeError) as e:
        print(type(e).__name__ + ":", e)
