import sys
import time
import scriptling.runtime.sync as sync

def main(count):
    counter = sync.Atomic("counter")
    start = time.perf_counter()
    for i in range(count):
        counter.add(1)
    took = time.perf_counter() - start
    assert counter.get() == count
    return took / count * 1e6

print(main(int(sys.argv[1])))
