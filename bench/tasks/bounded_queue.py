import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

WORKERS = 4

def produce(queue, count):
    for i in range(count):
        queue.put(i)

def consume(queue):
    total = 0
    for item in queue:
        total += item
    return total

def main(count):
    each = count // WORKERS
    queue = sync.Queue("items", 64)
    start = time.perf_counter()
    consumers = [runtime.run(consume, queue) for _ in range(WORKERS)]
    runtime.gather(*[runtime.run(produce, queue, each) for _ in range(WORKERS)])
    queue.close()
    total = sum(runtime.gather(*consumers))
    took = time.perf_counter() - start
    assert total == WORKERS * each * (each - 1) // 2
    return took / (each * WORKERS) * 1e6

print(main(int(sys.argv[1])))
