import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    sync.Queue("runs").put(1)
    raise ValueError("in a run")

ticks = runtime.every(0.001, fail, name="failing")
# The third run begins when the second has failed.
for _ in range(3):
    sync.Queue("runs").get()
ticks.cancel()
print("still here")  # expect: still here
# expect stderr: Exception in task 'failing':
# expect stderr: ValueError: in a run
# expect stderr: Exception in task 'failing':
