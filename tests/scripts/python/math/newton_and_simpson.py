import math

def newton(f, df, x, steps=20):
    for _ in range(steps):
        x -= f(x) / df(x)
    return x

def simpson(f, a, b, n):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += f(a + i * h) * (4 if i % 2 else 2)
    return total * h / 3

print(f"{newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0):.12f} {simpson(math.sin, 0, math.pi, 100):.8f} {simpson(lambda x: x ** 3, 0, 2, 10):.10f}")
