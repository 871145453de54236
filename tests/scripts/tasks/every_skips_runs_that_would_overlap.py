import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def slow():
    sync.Queue("started").put(1)
    sync.Queue("go").get()

slow_ticks = runtime.every(0.001, slow, max_overlap=2)
sync.Queue("started").get()
sync.Queue("started").get()
while slow_ticks.skipped < 3:
    runtime.sleep(0.001)
print(slow_ticks.runs, sync.Queue("started").size())  # expect: 2 0
sync.Queue("go").put(1)
sync.Queue("started").get()
print(slow_ticks.runs)  # expect: 3
slow_ticks.cancel()
sync.Queue("go").put(1)
sync.Queue("go").put(1)
