# Shared tasks hold locks, update keys and fail each for itself.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import scriptling.runtime.kv as kv

lock = sync.Lock("l")
log = []


def critical(n):
    with lock:
        log.append(n)
        yield_now()
        yield_now()
        log.append(n)


runtime.gather(*[runtime.background(f"c{i}", critical, i, shared=True) for i in range(4)])
print(log[::2] == log[1::2], sorted(log))  # expect: True [0, 0, 1, 1, 2, 2, 3, 3]


def keeps():
    lock.acquire()


runtime.background("keeper", keeps, shared=True).get()
print(lock.acquire(timeout=60))  # expect: True
lock.release()
# expect stderr: scriptling: task 'keeper' ended while it held lock 'l', which was released

kv.set("n", 0)


def bump(n):
    def more(old):
        yield_now()
        return old + 1
    for _ in range(n):
        kv.update("n", more)


runtime.gather(*[runtime.background("b", bump, 20, shared=True) for _ in range(3)])
print(kv.get("n"))  # expect: 60


def inner():
    seen = []
    ps = [runtime.background("i", seen.append, n, shared=True) for n in range(5)]
    runtime.gather(*ps)
    return sorted(seen)


print(runtime.run(inner).get())  # expect: [0, 1, 2, 3, 4]


def fails():
    raise ValueError("nobody looks")


p = runtime.background("unseen", fails, shared=True)
while not p.done():
    yield_now()
del p
# expect stderr: Exception in task 'unseen':
# expect stderr: ValueError: nobody looks
