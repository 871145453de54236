import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def numbers(q):
    while (n := q.get()) is not None:
        yield n

def consume():
    return [n * n for n in numbers(sync.Queue("feed"))]

p = runtime.run(consume)
for n in (1, 2, 3, None):
    sync.Queue("feed").put(n)
print(p.get())  # expect: [1, 4, 9]
