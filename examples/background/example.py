"""Background tasks, promises, wait groups, shared values, queues and the key-value store.

Lines that begin with "[" are progress: tasks run in parallel, so their order differs
from run to run. All other lines are always the same, in the same order.
"""
import time

import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync

STEPS = 3
PAUSE = 0.02


# 1. Three tasks, each logs its progress ---------------------------------------------------

def ticker(name, pause):
    for step in range(1, STEPS + 1):
        # A sleeping task is parked: it costs no thread, and the others run meanwhile.
        time.sleep(pause)
        print(f"[{name}] step {step}/{STEPS}")
        sync.Atomic("steps").add()
        # update() holds the value while the function runs, so no change is lost.
        sync.Shared("status").update(lambda status: {**status, name: f"step {step}"})
    sync.Shared("status").update(lambda status: {**status, name: "finished"})
    sync.WaitGroup("tickers").done()


def three_tasks():
    sync.Shared("status", {})
    group = sync.WaitGroup("tickers")
    for name, factor in (("alpha", 1), ("beta", 2), ("gamma", 3)):
        group.add(1)
        runtime.background(name, "ticker", name, PAUSE * factor)
    print("three tasks are running")
    # 2. The wait group returns when the third ticker has called done().
    group.wait()
    print("all tickers finished, steps:", sync.Atomic("steps").get())
    # 3. The status that all three wrote into.
    status = sync.Shared("status").get()
    print("status:", {name: status[name] for name in sorted(status)})


# 4. A bounded queue between a producer and a consumer ----------------------------------------

def producer(count):
    queue = sync.Queue("orders", maxsize=2)
    for number in range(1, count + 1):
        queue.put({"order": number, "amount": number * 10})  # waits while two orders are queued
        print(f"[producer] order {number}")
    queue.close()


def consumer():
    queue = sync.Queue("orders", maxsize=2)
    orders = total = 0
    while True:
        try:
            order = queue.get()
        except Exception:  # closed and drained
            return {"orders": orders, "total": total}
        print(f"[consumer] order {order['order']}")
        orders += 1
        total += order["amount"]


def queue_demo():
    receipt = runtime.background("consumer", consumer)
    runtime.background("producer", producer, 8)
    print("consumed:", receipt.get())


# 5. Concurrent calculations -----------------------------------------------------------------

def calculate(a, b, operation="add"):
    if operation == "add":
        return a + b
    if operation == "multiply":
        return a * b
    raise ValueError(f"unknown operation {operation!r}")


def count_primes(start, stop):
    found = 0
    for n in range(max(start, 2), stop):
        divisor = 2
        while divisor * divisor <= n and n % divisor:
            divisor += 1
        found += divisor * divisor > n
    return found


def calculations():
    added = runtime.background("add", "calculate", 10, 5)
    multiplied = runtime.background("multiply", "calculate", 10, 5, operation="multiply")
    print("10 + 5 =", added.get(), "and 10 * 5 =", multiplied.get())

    parts = [runtime.run(count_primes, n, n + 1000) for n in range(0, 8000, 1000)]
    counts = [part.get() for part in parts]
    print("primes per thousand:", counts, "total:", sum(counts))

    # The exception of a task is raised where its result is asked for.
    try:
        runtime.run(calculate, 1, 2, operation="divide").get()
    except ValueError as error:
        print("error from a task:", error)


# 6. The key-value store ------------------------------------------------------------------------

def visit(page):
    kv.incr(f"visits:{page}")


def store():
    kv.set("session:42", {"user": "ann", "roles": ["admin"]}, ttl=60)
    print("session:", kv.get("session:42"), "expires:", 0 < kv.ttl("session:42") <= 60)
    visits = [runtime.run(visit, page) for page in ["home", "about", "home", "home"]]
    for done in visits:
        done.wait()
    print("visits:", {key: kv.get(key) for key in kv.keys("visits:*")})
    print("exists:", kv.exists("session:42"), kv.exists("session:43"))
    kv.delete("session:42")
    print("after delete:", kv.get("session:42", "nobody"), kv.ttl("session:42"))


# 7. A task from a library file -----------------------------------------------------------------

def library():
    reports = [runtime.background(name, "testlib.worker", name, count) for name, count in (("first", 2), ("second", 4))]
    print("library reports:", [report.get() for report in reports])
    print("library steps:", sync.Atomic("library steps").get(), runtime.kv.keys("report:*"))


if __name__ == "__main__":
    three_tasks()
    queue_demo()
    calculations()
    store()
    library()
    print("example finished")
