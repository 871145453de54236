import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def waits():
    return sync.Queue("release").get()

p = runtime.run(waits)
try:
    p.get(timeout=0.01)
except TimeoutError:
    print("TimeoutError from get")  # expect: TimeoutError from get
try:
    p.wait(timeout=0.01)
except TimeoutError:
    print("TimeoutError from wait")  # expect: TimeoutError from wait
sync.Queue("release").put("late")
print(p.get(timeout=60))  # expect: late
