import sys
import time
import scriptling.runtime.sync as sync

def main(count):
    queue = sync.Queue("q")
    start = time.perf_counter()
    for i in range(count):
        queue.put(i)
        queue.get()
    return (time.perf_counter() - start) / count * 1e6

print(main(int(sys.argv[1])))
