def f():
    def g():
        return later
    later = "assigned after the inner function"
    return g

print(f()())
