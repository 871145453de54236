class A:
    pass

a = A()
tests = [lambda: a + 1, lambda: 1 - a, lambda: a * a, lambda: a["k"], lambda: len(a), lambda: iter(a), lambda: a < a, lambda: 1 in a, lambda: ~a, lambda: a ** 2, lambda: int(a), lambda: a @ 1, lambda: abs(a)]
for t in tests:
    try:
        t()
    except TypeError as e:
        print(e)
try:
    a["k"] = 1
except TypeError as e:
    print(e)
try:
    del a["k"]
except TypeError as e:
    print(e)
try:
    a += 1
except TypeError as e:
    print(e)
