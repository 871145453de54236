import sys
import threading
import time

KEYS = 1000
lock = threading.Lock()
store = {}

def sets(task, count):
    for i in range(count):
        key = "key" + str((i * 7919 + task) % KEYS)
        with lock:
            store[key] = i

def gets(task, count):
    for i in range(count):
        key = "key" + str((i * 7919 + task) % KEYS)
        with lock:
            store.get(key)

def incrs(task, count):
    for i in range(count):
        with lock:
            store["n"] = store.get("n", 0) + 1

def main(count, name, tasks):
    work = {"set": sets, "get": gets, "incr": incrs}[name]
    store.update({"key" + str(i): i for i in range(KEYS)})
    each = count // tasks
    threads = [threading.Thread(target=work, args=(task, each)) for task in range(tasks)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    assert name != "incr" or store["n"] == each * tasks
    return took / (each * tasks) * 1e6

print(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
