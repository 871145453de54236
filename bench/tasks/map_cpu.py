import sys
import time
import scriptling.runtime as runtime

ITEMS = 64

def burn(count):
    total = 0
    for i in range(count):
        total += i & 3
    return total

def timed(workers, count):
    start = time.perf_counter()
    for total in runtime.map(burn, [count // ITEMS] * ITEMS, workers=workers):
        pass
    return time.perf_counter() - start

count = int(sys.argv[1])
timed(2, count // 10)
# Alternately, so that other work on the machine meets both alike.
times = [(timed(1, count), timed(2, count)) for _ in range(5)]
print(min(one for one, two in times) / min(two for one, two in times))
