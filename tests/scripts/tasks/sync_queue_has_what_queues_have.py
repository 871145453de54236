import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

q = sync.Queue("q", maxsize=2)
print(q.empty(), q.full(), q.maxsize, q.name, len(q))  # expect: True False 2 q 0
trap(q.get_nowait)  # expect: Empty: queue 'q' is empty
trap(q.get, timeout=0)  # expect: TimeoutError: timed out: queue 'q' (get)
q.put_nowait(1)
q.put(item=2, timeout=None)
print(q.empty(), q.full(), len(q))  # expect: False True 2
trap(q.put_nowait, item=3)  # expect: Full: queue 'q' is full
trap(q.put, 3, timeout=0)  # expect: TimeoutError: timed out: queue 'q' (put)
trap(q.put, 3, -1)  # expect: ValueError: timeout must not be negative
trap(q.put, 3, block=False)  # expect: TypeError: put() got an unexpected keyword argument 'block'
trap(sync.Queue, "q", 3)  # expect: ValueError: queue 'q' exists with maxsize 2, not 3
trap(sync.Queue, "q", "2")  # expect: TypeError: maxsize must be an int, not str
trap(sync.Queue, name=5)  # expect: TypeError: Queue() name must be a string, not int
print(sync.Queue("q"), sync.Queue("free", 0), sync.Queue("free", -1).maxsize)
# expect: <Queue 'q' size=2 maxsize=2> <Queue 'free' size=0 maxsize=0> 0
print(issubclass(sync.Full, Exception), issubclass(sync.Closed, RuntimeError))  # expect: True True

# join waits until every item was reported as done.
def work():
    for item in sync.Queue("jobs"):
        sync.Atomic("sum").add(item)
        sync.Queue("jobs").task_done()
    return "drained"

jobs = sync.Queue("jobs")
workers = [runtime.run(work) for _ in range(3)]
for n in range(100):
    jobs.put(n)
jobs.join()
print(sync.Atomic("sum").get())  # expect: 4950
trap(jobs.task_done)  # expect: ValueError: task_done() called too many times
jobs.put("left")
jobs.close()
try:
    print([w.get() for w in workers])
except TypeError:
    print("one failed on what it cannot add")  # expect: one failed on what it cannot add
trap(jobs.join, timeout=0)  # expect: TimeoutError: timed out: queue 'jobs' (join)
for call in (jobs.get, jobs.get_nowait, lambda: jobs.put(1), lambda: jobs.put_nowait(1)):
    trap(call)
# expect: Closed: queue is closed
# expect: Closed: queue is closed
# expect: Closed: queue is closed
# expect: Closed: queue is closed
print(list(jobs), jobs.closed())  # expect: [] True
