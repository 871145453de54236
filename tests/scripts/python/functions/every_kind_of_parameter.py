def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs

print(f(1, d=4))
print(f(1, 20, 30, 40, 50, d=4, e=6, z=7))
print(f(1, c=9, d=0, a="kw", b="kw too"))
print(f(*[1, 2], **{"d": 1, "x": 2}))
