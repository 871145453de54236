import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

def others_view():
    lock = sync.Lock("l")
    trap(lock.release)
    print(lock.try_acquire(), lock.locked())
    trap(lock.acquire, timeout=0)

lock = sync.Lock("l")
trap(lock.release)  # expect: RuntimeError: lock 'l' is not held
with lock as same:
    print(same.name, lock)  # expect: l <Lock 'l' held by task 'main'>
    trap(lock.acquire)  # expect: RuntimeError: this task holds lock 'l' already: a Lock does not nest, an RLock does
    print(lock.try_acquire())  # expect: False
    runtime.run(others_view).get()
# expect: RuntimeError: lock 'l' is held by task 'main', not by this one
# expect: False True
# expect: TimeoutError: timed out: lock 'l' held by task 'main'
print(lock.locked(), lock.acquire(timeout=1), lock.release())  # expect: False True None

rlock = sync.RLock("l")
with rlock:
    print(rlock.acquire(), rlock.try_acquire())  # expect: True True
    rlock.release()
    rlock.release()
    print(rlock.locked())  # expect: True
print(rlock)  # expect: <RLock 'l' free>

# An exception in the block releases it and is not changed.
try:
    with lock:
        raise KeyError("k")
except KeyError as e:
    print(e, lock.locked())  # expect: 'k' False
trap(lock.acquire, timeout=-1)  # expect: ValueError: timeout must not be negative
trap(lock.acquire, timeout=float("nan"))  # expect: ValueError: timeout must not be negative
trap(lock.acquire, timeout="1")  # expect: TypeError: timeout must be a number of seconds or None, not str
trap(lock.acquire, wait=1)  # expect: TypeError: acquire() got an unexpected keyword argument 'wait'
