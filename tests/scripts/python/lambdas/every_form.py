fs = [lambda: 1, lambda x: x, lambda x, y=2: (x, y), lambda *a: a, lambda **k: k, lambda x, /, y, *, z=1: (x, y, z)]
print(fs[0](), fs[1](5), fs[2](1), fs[3](1, 2), fs[4](a=1), fs[5](1, y=2))
print((lambda x: x if x else "empty")(""), sorted("bca", key=lambda c: -ord(c)))
print(list(map(lambda a, b: a * b, [1, 2, 3], [4, 5, 6])), list(filter(lambda n: n % 2, range(6))))
y = (lambda f: (lambda x: x(x))(lambda x: f(lambda v: x(x)(v))))
print(y(lambda self: lambda n: 1 if n == 0 else n * self(n - 1))(10))
