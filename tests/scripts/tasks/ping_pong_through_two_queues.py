import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def ponger(n):
    for _ in range(n):
        sync.Queue("pong").put(sync.Queue("ping").get() + 1)

p = runtime.run(ponger, 200)
value = 0
for _ in range(200):
    sync.Queue("ping").put(value)
    value = sync.Queue("pong").get()
p.get()
print(value)  # expect: 200
