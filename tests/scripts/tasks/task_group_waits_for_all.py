import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    sync.Queue("gate").get()
    return n

with runtime.TaskGroup() as tg:
    promises = [tg.run(work, n) for n in range(3)]
    named = tg.background("named", work, 9)
    print(len(tg), bool(tg), tg)  # expect: 4 True <TaskGroup running=4>
    for _ in range(4):
        sync.Queue("gate").put(1)
print([p.done() for p in promises], named.name)  # expect: [True, True, True] named
print(runtime.gather(*promises, named), len(tg))  # expect: [0, 1, 2, 9] 0
with runtime.TaskGroup():
    pass
