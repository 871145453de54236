"""Run a check at a fixed rate without drift, and raise an alarm after repeated failures."""
import time


def every(seconds, times):
    """Yield once per period; a slow body does not shift the following ones."""
    start = time.monotonic()
    for n in range(times):
        pause = start + n * seconds - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        yield n


def check(n):
    # Stands for a request to a service that is down for three periods.
    return not 2 <= n <= 4


failures = 0
for n in every(0.01, 7):
    if check(n):
        print(n, "ok" if failures < 3 else "recovered")
        failures = 0
    else:
        failures += 1
        print(n, "ALARM" if failures == 3 else "failed")
# expect: 0 ok
# expect: 1 ok
# expect: 2 failed
# expect: 3 failed
# expect: 4 ALARM
# expect: 5 recovered
# expect: 6 ok
