# flags: --schedule-seed 1
# (So that time is exact, and the wait that must not happen is long.)
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import time

limiter = sync.RateLimiter("slow", rate=1, burst=10)
limiter.acquire(10)
start = time.monotonic()

def attempt(n, timeout):
    try:
        limiter.acquire(n, timeout=timeout)
    except TimeoutError as e:
        print(e, round(time.monotonic() - start))

attempt(5, 4)  # expect: timed out: rate limiter 'slow' (5 tokens) 0
attempt(1, 0)  # expect: timed out: rate limiter 'slow' 0
attempt(3, 3.5)
print(round(time.monotonic() - start))  # expect: 3

# The first in the line may give up, so who is behind it waits as long as its own tokens can come in time.
first = runtime.run(limiter.acquire, 9)
while runtime.tasks()[1]["state"] != "parked":
    pass
attempt(7, 6.9)  # expect: timed out: rate limiter 'slow' (7 tokens) 3
second = runtime.run(lambda: attempt(2, 5))
runtime.sleep(2)
first.cancel()
second.wait()
print(round(time.monotonic() - start), limiter.available())  # expect: 5 0
