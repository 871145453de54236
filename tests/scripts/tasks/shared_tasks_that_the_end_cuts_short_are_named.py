import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def wait(name):
    try:
        sync.Queue(name).get()
    finally:
        print("over")

runtime.background("over", len, "x", shared=True).wait()
for name in ("first", "second"):
    runtime.background(name, wait, name, shared=True)
while [task["state"] for task in runtime.tasks()].count("parked") < 2:
    pass
print("end")  # expect: end
# expect: over
# expect: over
# expect stderr: scriptling: 2 tasks were cancelled at the end of the program: 'first', 'second'
