def f(n):
    def g():
        return n
    n += 1
    first = g()
    n = "x"
    return first, g()

print(f(1))

def swap(a, b):
    def get():
        return a, b
    a, b = b, a
    return get()

print(swap(1, 2))
