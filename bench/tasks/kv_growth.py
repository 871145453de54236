# What one operation costs with 1,000,000 keys, divided by what it costs with 1,000. Arguments: COUNT, set or get, and a path for a file.
import sys
import time
import scriptling.runtime.kv as kv

SMALL, LARGE, PAGE = 1000, 1_000_000, 10_000

def fill(store, keys):
    for first in range(0, keys, PAGE):
        store.mset({"key" + str(i): i for i in range(first, min(first + PAGE, keys))})

def sets(store, count, keys):
    start = time.perf_counter()
    for i in range(count):
        store.set("key" + str(i * 7919 % keys), i)
    return (time.perf_counter() - start) / count

def gets(store, count, keys):
    start = time.perf_counter()
    for i in range(count):
        store.get("key" + str(i * 7919 % keys))
    return (time.perf_counter() - start) / count

def main(count, name, path):
    work = {"set": sets, "get": gets}[name]
    small, large = kv.open(path + "1"), kv.open(path + "2")
    fill(small, SMALL)
    fill(large, LARGE)
    times = [(work(small, count, SMALL), work(large, count, LARGE)) for _ in range(3)]
    return min(large for small, large in times) / min(small for small, large in times)

print(main(int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ":memory:"))
