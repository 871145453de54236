import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def child(tg, depth):
    if depth > 0:
        tg.run(child, tg, depth - 1)
        tg.run(child, tg, depth - 1)
    sync.Atomic("count").add()

with runtime.TaskGroup() as tg:
    tg.run(child, tg, 4)
print(sync.Atomic("count").get())  # expect: 31
