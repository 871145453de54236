# More endless tasks than any pool has threads: only preemption lets the last one run.
import scriptling.runtime as runtime

def forever():
    while True:
        pass

def short():
    return "done"

for i in range(70):
    runtime.background(f"endless {i}", forever)
print(runtime.run(short).get())  # expect: done
