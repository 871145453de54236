import sys
import time

def main(count):
    start = time.perf_counter()
    for i in range(count):
        yield_now()
    return (time.perf_counter() - start) / count * 1e6

print(main(int(sys.argv[1])))
