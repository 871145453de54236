import scriptling.runtime as runtime
import tasklib

def change():
    tasklib.BASE = 1
    return tasklib.uses_own_helper(1)

print(runtime.run(change).get())  # expect: 3
print(tasklib.BASE, tasklib.uses_own_helper(1))  # expect: 100 102
