import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

TASKS = 8

def add(value, amount):
    return value + amount

def work(count):
    shared = sync.Shared("shared", 0)
    for i in range(count):
        shared.update(add, 1)

def main(count):
    each = count // TASKS
    start = time.perf_counter()
    runtime.gather(*[runtime.run(work, each) for _ in range(TASKS)])
    took = time.perf_counter() - start
    assert sync.Shared("shared").get() == each * TASKS
    return took / (each * TASKS) * 1e6

print(main(int(sys.argv[1])))
