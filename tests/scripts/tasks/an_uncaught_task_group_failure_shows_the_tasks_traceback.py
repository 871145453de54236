import scriptling.runtime as runtime

def fail():
    raise ValueError("deep inside")

with runtime.TaskGroup() as tg:
    tg.run(fail)
# expect exit: 1
# expect stderr: Exception Group Traceback
# expect stderr: ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
# expect stderr: in fail
# expect stderr: ValueError: deep inside
