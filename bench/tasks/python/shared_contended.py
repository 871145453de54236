import sys
import threading
import time

TASKS = 8
lock = threading.Lock()
value = 0

def add(value, amount):
    return value + amount

def update(function, *args):
    global value
    with lock:
        value = function(value, *args)

def work(count):
    for i in range(count):
        update(add, 1)

def main(count):
    each = count // TASKS
    threads = [threading.Thread(target=work, args=(each,)) for _ in range(TASKS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    assert value == each * TASKS
    return took / (each * TASKS) * 1e6

print(main(int(sys.argv[1])))
