print((lambda x: x + 1)(2))
print((lambda *a, **k: (a, k))(1, 2, z=3))
print([f(3) for f in (lambda x: x, lambda x: -x, abs)])
add = lambda a: lambda b: a + b
print(add(1)(2))
print({"f": lambda: "called"}["f"]())
