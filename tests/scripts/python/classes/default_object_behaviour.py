class A:
    pass

a, b = A(), A()
print(a == a, a == b, a != b, bool(a), a in [b], {a: 1}[a], isinstance(a, object), A.__bases__, str(a).startswith("<__main__.A object at "))
print(A, type(A), A.__module__, repr(A) == str(A))
for f in (lambda: a < b, lambda: a + 1, lambda: len(a), lambda: a[0], lambda: a(), lambda: iter(a), lambda: -a):
    try:
        f()
    except TypeError as e:
        print(e)
