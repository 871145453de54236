import sys
import threading
import time

SMALL, LARGE = 1000, 1_000_000
lock = threading.Lock()

def sets(store, count, keys):
    start = time.perf_counter()
    for i in range(count):
        key = "key" + str(i * 7919 % keys)
        with lock:
            store[key] = i
    return (time.perf_counter() - start) / count

def gets(store, count, keys):
    start = time.perf_counter()
    for i in range(count):
        key = "key" + str(i * 7919 % keys)
        with lock:
            store.get(key)
    return (time.perf_counter() - start) / count

def main(count, name):
    work = {"set": sets, "get": gets}[name]
    small, large = ({"key" + str(i): i for i in range(keys)} for keys in (SMALL, LARGE))
    times = [(work(small, count, SMALL), work(large, count, LARGE)) for _ in range(3)]
    return min(large for small, large in times) / min(small for small, large in times)

print(main(int(sys.argv[1]), sys.argv[2]))
