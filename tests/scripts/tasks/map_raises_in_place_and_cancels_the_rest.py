import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    if n == 2:
        raise ValueError("item 2")
    if n > 2:
        try:
            sync.Queue("never").get()
        finally:
            sync.Atomic("cleaned").add()
    return n

results = runtime.map(work, range(100), workers=4)
print(next(results), next(results))  # expect: 0 1
try:
    next(results)
except ValueError as e:
    print(e)  # expect: item 2
print(list(results))  # expect: []
while len(runtime.tasks()) > 1:
    yield_now()
print("all are gone")  # expect: all are gone
