import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def produce(count):
    queue = sync.Queue("items", 1000)
    for i in range(count):
        queue.put(i)

def main(count):
    queue = sync.Queue("items", 1000)
    start = time.perf_counter()
    promise = runtime.run(produce, count)
    total = 0
    for i in range(count):
        total += queue.get()
    took = time.perf_counter() - start
    promise.get()
    assert total == count * (count - 1) // 2
    return took / count * 1e6

print(main(int(sys.argv[1])))
