import sys
import time
import scriptling.runtime.kv as kv

def main(count):
    start = time.perf_counter()
    for i in range(count):
        kv.incr("key")
    return (time.perf_counter() - start) / count * 1e6

print(main(int(sys.argv[1])))
