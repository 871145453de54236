def partial(f, *args, **kw):
    def call(*more, **extra):
        return f(*args, *more, **{**kw, **extra})
    return call

def volume(a, b, c=1, *, unit="m"):
    return f"{a * b * c}{unit}3"

p = partial(volume, 2, unit="cm")
print(p(3), p(3, 4), p(3, unit="mm"), partial(p, 10)(c=2))

def compose(*fs):
    def run(x):
        for f in reversed(fs):
            x = f(x)
        return x
    return run

print(compose(str, abs, int)("-5"), compose()(7))
