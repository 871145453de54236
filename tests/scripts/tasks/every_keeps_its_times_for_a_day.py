# flags: --schedule-seed 1
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import time

def note():
    sync.Queue("times").put(time.monotonic())

start = time.monotonic()
ticks = runtime.every(60, note, jitter=30)
runtime.sleep(24 * 60 * 60 + 45)
print(ticks.cancel(), ticks.runs, ticks.skipped)  # expect: True 1440 0
times = [sync.Queue("times").get() for _ in range(ticks.runs)]
late = [moment - start - 60 * number for number, moment in enumerate(times, 1)]
print(all(0 <= seconds < 30.01 for seconds in late))  # expect: True
print(min(late) < 1 and max(late) > 29 and len(set(late)) > 1000)  # expect: True

# Two at once, 150 seconds each: of three that are due one is skipped.
def slow():
    time.sleep(150)

slow_ticks = runtime.every(60, slow, max_overlap=2)
runtime.sleep(30 * 60 + 30)
slow_ticks.cancel()
print(slow_ticks.runs, slow_ticks.skipped)  # expect: 20 10
time.sleep(150)

# What fails is due again all the same.
def fail():
    raise ValueError("in a run")

failing = runtime.every(1, fail)
runtime.sleep(10.5)
print(failing.runs, failing.skipped, failing.cancelled())  # expect: 10 0 False
# expect stderr: ValueError: in a run
