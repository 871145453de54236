import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except BaseException as e:
        print(f"{type(e).__name__}: {e}")

c = sync.Condition("c")
print(c, c.lock, sync.Condition("c", lock=c.lock).name)  # expect: <Condition 'c' of rlock 'c'> <RLock 'c' free> c
trap(c.wait)  # expect: RuntimeError: rlock 'c' is not held
trap(c.wait_for, lambda: True)  # expect: RuntimeError: rlock 'c' is not held
trap(c.notify)  # expect: RuntimeError: rlock 'c' is not held
trap(c.notify_all)  # expect: RuntimeError: rlock 'c' is not held
trap(sync.Condition, "c", "other")  # expect: ValueError: condition 'c' exists with lock rlock 'c', not lock 'other'
trap(sync.Condition, "d", 5)  # expect: TypeError: lock must be a Lock, an RLock or the name of a Lock, not int
print(sync.Condition("d", "guard").lock)  # expect: <Lock 'guard' free>

with c, c:
    trap(c.wait, timeout=0)  # expect: TimeoutError: timed out: condition 'c'
    trap(c.wait_for, lambda: [], timeout=0)  # expect: TimeoutError: timed out: condition 'c'
    print(c.wait_for(lambda: "at once"), c.lock)  # expect: at once <RLock 'c' held by task 'main'>
print(c.lock)  # expect: <RLock 'c' free>

# In order of arrival; each has the lock, as often as before, when it goes on.
def waiter(n):
    with c, c:
        sync.Atomic("waiting").add()
        c.wait()
        sync.Queue("order").put(n)
        c.release()
        c.acquire()

def waiting(n):
    while sync.Atomic("waiting").get() < n:
        pass
    # Counted while it held the lock: it waits once the lock can be had.
    with c:
        pass

waiters = []
for n in range(4):
    waiters.append(runtime.run(waiter, n))
    waiting(n + 1)
with c:
    c.notify()
    c.notify(n=2)
for promise in waiters[:3]:
    promise.get()
print([sync.Queue("order").get() for _ in range(3)])  # expect: [0, 1, 2]

# A task that is cancelled while it waits has the lock again when it learns of it.
def cancelled():
    with c:
        try:
            sync.Atomic("waiting").add()
            c.wait()
        except BaseException as e:
            print(type(e).__name__, c.lock)  # expect: CancelledError <RLock 'c' held by task 'victim'>
            raise

victim = runtime.background("victim", cancelled)
waiting(5)
victim.cancel()
trap(victim.get)  # expect: CancelledError: the task was cancelled
with c:
    c.notify_all()
waiters[3].get()
print(sync.Queue("order").get(), c.lock)  # expect: 3 <RLock 'c' free>

# What a predicate raises is raised, and the lock is still held for it.
def broken():
    raise ValueError("broken predicate")
with c:
    trap(c.wait_for, broken)  # expect: ValueError: broken predicate
    print(c.lock)  # expect: <RLock 'c' held by task 'main'>
