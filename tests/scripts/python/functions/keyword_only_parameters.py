def f(a, *, key, flag=False):
    return a, key, flag

print(f(1, key=2), f(1, flag=True, key=0), f(a=1, key=2))
for call in (lambda: f(1), lambda: f(1, 2), lambda: f(1, 2, key=3), lambda: f(key=1)):
    try:
        call()
    except TypeError as e:
        print(e)
