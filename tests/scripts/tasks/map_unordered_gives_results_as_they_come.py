import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    if n == 0:
        sync.Queue("gate").get()
    return n

results = runtime.map(work, range(6), workers=2, ordered=False)
some = [next(results) for _ in range(3)]
print(0 in some)  # expect: False
sync.Queue("gate").put(1)
print(sorted(some + list(results)))  # expect: [0, 1, 2, 3, 4, 5]
