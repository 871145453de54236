# Arbitrary precision: factorials, powers, modular powers, digits.
def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def is_prime(n):
    d, s = n - 1, 0
    while d % 2 == 0:
        d //= 2
        s += 1
    for a in (2, 3, 5, 7, 11, 13, 17):
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


primes = [n for n in range(10 ** 24 + 1, 10 ** 24 + 100000, 2) if is_prime(n)]
digits = str(factorial(1200))
print(len(primes), primes[0] % 1000, len(digits), digits[:12], fibonacci(80000) % 10 ** 15, (3 ** 30000 // 7 ** 9000) % 10 ** 12)
