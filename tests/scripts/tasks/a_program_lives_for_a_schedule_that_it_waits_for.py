import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def tick():
    if sync.Atomic("ticks").add() == 3:
        sync.Queue("enough").put(1)

ticks = runtime.every(0.001, tick, jitter=0.0005)

def stop():
    sync.Queue("enough").get()
    ticks.cancel()

stopper = runtime.run(stop)
ticks.wait()
print(sync.Atomic("ticks").get() >= 3)  # expect: True
try:
    runtime.every(3600, tick).wait(timeout=0.01)
except TimeoutError as e:
    print(e)  # expect: timed out: schedule 'tick'
