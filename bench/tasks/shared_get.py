import sys
import time
import scriptling.runtime.sync as sync

def main(count):
    shared = sync.Shared("shared", 42)
    start = time.perf_counter()
    for i in range(count):
        shared.get()
    return (time.perf_counter() - start) / count * 1e6

print(main(int(sys.argv[1])))
