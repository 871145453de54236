def a(x):
    def b(y):
        def c(z):
            nonlocal x, y
            x += z
            y *= z
            return x, y, z
        return c
    return b

c = a(1)(2)
print(c(3), c(4))

def outer():
    v = 1
    def middle():
        def inner():
            nonlocal v
            v += 1
            return v
        return inner
    return middle(), lambda: v

inner, read = outer()
print(inner(), inner(), read())
