import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def producer(n):
    q = sync.Queue("small")
    for i in range(n):
        q.put(i)
        sync.Atomic("put").add()
    return "all put"

q = sync.Queue("small", maxsize=3)
p = runtime.run(producer, 20)
sizes = []
got = []
for _ in range(20):
    got.append(q.get())
    sizes.append(q.size())
    if sync.Atomic("put").get() > len(got) + 3:
        print("too far ahead")
print(p.get(), got == list(range(20)), max(sizes) <= 3)  # expect: all put True True
