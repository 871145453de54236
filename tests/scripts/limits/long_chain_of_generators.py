# CPython 3.11 overruns its C stack on this one.
def chain(g):
    yield from g

g = iter([1])
for _ in range(50000):
    g = chain(g)
try:
    list(g)
except RecursionError:
    print("RecursionError")  # expect: RecursionError
