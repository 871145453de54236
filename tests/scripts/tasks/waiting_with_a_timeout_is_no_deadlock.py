import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def late():
    runtime.sleep(0.03)
    sync.Queue("q").put("late")

try:
    sync.Queue("q").get(timeout=0.01)
except TimeoutError:
    print("timed out")  # expect: timed out
runtime.run(late)
print(sync.Queue("q").get())  # expect: late
