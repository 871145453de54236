def f():
    def g():
        return value
    try:
        g()
    except NameError as e:
        print(type(e).__name__, "value" in str(e))
    value = 1
    return g()

print(f())

def h():
    x = 1
    def inner():
        return x
    del x
    try:
        inner()
    except NameError:
        print("deleted cell")

h()
