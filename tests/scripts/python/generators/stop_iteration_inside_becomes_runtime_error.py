def g():
    yield 1
    raise StopIteration("oops")

it = g()
print(next(it))
try:
    next(it)
except RuntimeError as e:
    print(e, "/", repr(e.__cause__))

def h():
    yield next(iter([]))

try:
    list(h())
except RuntimeError as e:
    print(e)
