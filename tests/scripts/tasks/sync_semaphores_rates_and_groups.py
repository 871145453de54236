import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

s = sync.Semaphore("s", permits=2, bounded=True)
print(s.acquire(), s.acquire(n=1, timeout=1), s.try_acquire(), s.available(), s)
# expect: True True False 0 <Semaphore 's' available=0 permits=2>
trap(s.acquire, timeout=0)  # expect: TimeoutError: timed out: semaphore 's'
trap(s.acquire, 2, timeout=0)  # expect: TimeoutError: timed out: semaphore 's' (2 permits)
trap(s.acquire, 3)  # expect: ValueError: semaphore 's' never has 3 permits: it is bounded to 2
trap(s.acquire, 0)  # expect: ValueError: n must be at least 1, not 0
s.release(n=2)
trap(s.release)  # expect: ValueError: semaphore 's' released too many times
trap(sync.Semaphore, "s", 3)  # expect: ValueError: semaphore 's' exists with permits 2, not 3
trap(sync.Semaphore, "s", bounded=False)  # expect: ValueError: semaphore 's' exists with bounded True, not False
trap(sync.Semaphore, "t", -1)  # expect: ValueError: permits must be at least 0, not -1
signal = sync.Semaphore("signal", 0)
waits = runtime.run(signal.acquire, 3)
signal.release()
signal.release(2)
print(waits.get(), signal.available())  # expect: True 0

def visit():
    for _ in range(50):
        with sync.Semaphore("s"):
            if sync.Atomic("inside").add() > 2:
                return "too many"
            time.sleep(0)
            sync.Atomic("inside").sub()
    return "fine"
print({p.get() for p in [runtime.run(visit) for _ in range(8)]})  # expect: {'fine'}

group = sync.WaitGroup("g")
with group as same:
    print(same.count(), group)  # expect: 1 <WaitGroup 'g' count=1>
    trap(group.wait, timeout=0)  # expect: TimeoutError: timed out: wait group 'g'
print(group.add(delta=2), group.done(), group.count(), group.add(-1), group.wait(timeout=0))  # expect: None None 1 None None
trap(group.done)  # expect: ValueError: negative WaitGroup counter
trap(group.add, "x")  # expect: TypeError: delta must be an int, not str

trap(sync.RateLimiter, "r")  # expect: ValueError: rate limiter 'r' does not exist: rate is needed to create it
trap(sync.RateLimiter, "r", 0)  # expect: ValueError: rate must be between 1e-06 and 1e+09 per second
trap(sync.RateLimiter, "r", 1, burst=0)  # expect: ValueError: burst must be at least 1, not 0
r = sync.RateLimiter("r", rate=1000, burst=3)
trap(sync.RateLimiter, "r", 1000.5)  # expect: ValueError: rate limiter 'r' exists with rate 1000, not 1000.5
trap(sync.RateLimiter, "r", burst=2)  # expect: ValueError: rate limiter 'r' exists with burst 3, not 2
trap(r.acquire, 4)  # expect: ValueError: rate limiter 'r' never has 4 tokens at once: its burst is 3
start = time.monotonic()
with r:
    print(r, r.rate, r.burst)  # expect: <RateLimiter 'r' rate=1000 burst=3> 1000.0 3
def take():
    for _ in range(10):
        sync.RateLimiter("r").acquire()
for p in [runtime.run(take) for _ in range(4)]:
    p.get()
# 41 tokens, of which 3 were there; a limiter is never early.
print(time.monotonic() - start >= 0.038)  # expect: True
slow = sync.RateLimiter("slow", 0.001)
print(slow.try_acquire(), slow.try_acquire(n=1), slow.available())  # expect: True False 0
trap(slow.acquire, timeout=0.001)  # expect: TimeoutError: timed out: rate limiter 'slow'
