import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def member(me, after, laps):
    for _ in range(laps):
        sync.Queue(f"ring {after}").put(sync.Queue(f"ring {me}").get() + 1)

SIZE = 50
members = [runtime.run(member, i, (i + 1) % SIZE, 3) for i in range(SIZE)]
sync.Queue("ring 0").put(0)
for p in members:
    p.wait()
print(sync.Queue("ring 0").get())  # expect: 150
