def wrap(f):
    return lambda: f()

f = lambda: "bottom"
for _ in range(50000):
    f = wrap(f)
try:
    f()
except RecursionError:
    print("RecursionError")  # expect: RecursionError
