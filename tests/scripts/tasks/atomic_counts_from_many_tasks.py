import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def bump(n):
    counter = sync.Atomic("total")
    for _ in range(n):
        counter.add()
    return n

for p in [runtime.run(bump, 500) for _ in range(8)]:
    p.get()
print(sync.Atomic("total").get())  # expect: 4000
