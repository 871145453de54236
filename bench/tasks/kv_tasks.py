# One operation of a store, from several tasks. Arguments: COUNT, set, get or incr, TASKS, and a path for a store in a file.
import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv

KEYS = 1000

def sets(store, task, count):
    for i in range(count):
        store.set("key" + str((i * 7919 + task) % KEYS), i)

def gets(store, task, count):
    for i in range(count):
        store.get("key" + str((i * 7919 + task) % KEYS))

def incrs(store, task, count):
    for i in range(count):
        store.incr("n")

def main(store, count, name, tasks):
    work = {"set": sets, "get": gets, "incr": incrs}[name]
    store.clear()
    store.mset({"key" + str(i): i for i in range(KEYS)})
    each = count // tasks
    start = time.perf_counter()
    runtime.gather(*[runtime.run(work, store, task, each) for task in range(tasks)])
    took = time.perf_counter() - start
    assert name != "incr" or store.get("n") == each * tasks
    return took / (each * tasks) * 1e6

store = kv.open(sys.argv[4]) if len(sys.argv) > 4 else kv.default
print(main(store, int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
