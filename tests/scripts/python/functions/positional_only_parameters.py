def f(a, b, /, c):
    return a, b, c

print(f(1, 2, 3), f(1, 2, c=3))

def g(x, /, **kw):
    return x, kw

print(g(1, x=2))
for call in (lambda: f(1, b=2, c=3), lambda: f(a=1, b=2, c=3)):
    try:
        call()
    except TypeError as e:
        print(e)
