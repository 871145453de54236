import scriptling.runtime as runtime
from tasklib import Counter

def use(c):
    return c.up() + c.up(), c

c = Counter(10)
total, back = runtime.run(use, c).get()
print(total, back.n, c.n, isinstance(back, Counter))  # expect: 23 12 10 True
