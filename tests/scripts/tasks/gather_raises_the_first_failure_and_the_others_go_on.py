import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    raise ValueError("failed")

def work():
    sync.Queue("gate").get()
    return "went on"

slow = runtime.run(work)
try:
    runtime.gather(slow, runtime.run(fail))
except ValueError as e:
    print("ValueError:", e, slow.done())  # expect: ValueError: failed False
sync.Queue("gate").put(1)
print(slow.get())  # expect: went on
