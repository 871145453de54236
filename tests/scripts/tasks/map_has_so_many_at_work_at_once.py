import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    sync.Queue("started").put(n)
    sync.Queue("go").get()
    return n

results = runtime.map(work, range(6), workers=2)
def consume():
    return [sync.Queue("started").get() for _ in range(2)]

starts = runtime.run(consume)
helper = runtime.run(lambda: (starts.get(), [sync.Queue("go").put(1) for _ in range(6)]))
print(list(results))  # expect: [0, 1, 2, 3, 4, 5]
print(sorted(starts.get()))  # expect: [0, 1]
