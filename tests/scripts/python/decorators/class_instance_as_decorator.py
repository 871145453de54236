class CountCalls:
    def __init__(self, f):
        self.f = f
        self.n = 0

    def __call__(self, *args, **kw):
        self.n += 1
        return self.f(*args, **kw)

@CountCalls
def add(a, b=1):
    return a + b

print(add(1), add(2, b=3), add.n)
