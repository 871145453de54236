import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail_late():
    try:
        sync.Queue("never").get()
    except CancelledError:
        raise RuntimeError("while cleaning up")

def fail():
    raise ValueError("first")

try:
    with runtime.TaskGroup() as tg:
        tg.run(fail_late)
        while [t["state"] for t in runtime.tasks()].count("parked") < 1:
            yield_now()
        tg.run(fail)
except ExceptionGroup as group:
    print([repr(e) for e in group.exceptions])
# expect: ["ValueError('first')", "RuntimeError('while cleaning up')"]
