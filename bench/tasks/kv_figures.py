# What stores cost from 1, 2 and 8 tasks, and with 1,000 to 1,000,000 keys. Arguments: operations, and a path for a file.
import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv


def sets(store, task, count, keys):
    for i in range(count):
        store.set("key" + str((i * 7919 + task) % keys), i)


def gets(store, task, count, keys):
    for i in range(count):
        store.get("key" + str((i * 7919 + task) % keys))


def incrs(store, task, count, keys):
    for i in range(count):
        store.incr("n")


def loop(store, task, count, keys):
    for i in range(count):
        "key" + str((i * 7919 + task) % keys)


def measure(name, work, store, tasks, count, keys):
    start = time.perf_counter()
    for task in [runtime.run(work, store, task, count // tasks, keys) for task in range(tasks)]:
        task.wait()
    took = (time.perf_counter() - start) / (count // tasks * tasks) * 1e6
    print(f"{store.name:14} {name:6} {tasks} tasks {keys:>8} keys {took:10.3f} us")


def figures(store, count, keys):
    for tasks in (1, 2, 8):
        for name, work in (("set", sets), ("get", gets), ("incr", incrs)):
            measure(name, work, store, tasks, count, keys)


count = int(sys.argv[1])
measure("loop", loop, kv.default, 1, count, 1000)
figures(kv.default, count, 1000)
for keys in (1000, 10_000, 100_000, 1_000_000):
    store = kv.open(f":memory:{keys}")
    for i in range(keys):
        store["key" + str(i)] = 0
    measure("set", sets, store, 1, count, keys)
    measure("get", gets, store, 1, count, keys)
if len(sys.argv) > 2:
    for durability in ("immediate", "eventual"):
        with kv.open(sys.argv[2] + "." + durability, durability=durability) as store:
            store.clear()
            figures(store, max(count // 100, 100), 1000)
