import sys
import time
import scriptling.runtime as runtime

def burn(count):
    total = 0
    for i in range(count):
        total += i & 3
    return total

def timed(tasks, count):
    start = time.perf_counter()
    for promise in [runtime.run(burn, count) for _ in range(tasks)]:
        promise.get()
    return time.perf_counter() - start

count = int(sys.argv[1])
timed(1, count // 10)
one = min(timed(1, count) for _ in range(5))
two = min(timed(2, count) for _ in range(5))
print(two / one)
