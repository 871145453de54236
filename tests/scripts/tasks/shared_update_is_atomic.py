import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def add_one(state):
    state["count"] += 1
    return state

def worker(n):
    for _ in range(n):
        sync.Shared("state").update(add_one)

sync.Shared("state", {"count": 0})
for p in [runtime.run(worker, 100) for _ in range(8)]:
    p.get()
print(sync.Shared("state").get())  # expect: {'count': 800}
