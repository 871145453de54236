import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    sync.Queue("runs").put(1)
    raise ValueError("in a run")

ticks = runtime.every(0.001, fail, name="failing")
for _ in range(2):
    sync.Queue("runs").get()
ticks.cancel()
print("still here")  # expect: still here
# expect stderr: Exception in task 'failing':
# expect stderr: ValueError: in a run
# expect stderr: Exception in task 'failing':
