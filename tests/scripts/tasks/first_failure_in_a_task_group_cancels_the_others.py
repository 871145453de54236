import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def hang():
    try:
        sync.Queue("never").get()
    finally:
        sync.Queue("log").put("cleaned up")

def fail():
    raise ValueError("failed")

try:
    with runtime.TaskGroup() as tg:
        hanging = tg.run(hang)
        while [t["state"] for t in runtime.tasks()].count("parked") < 1:
            yield_now()
        tg.run(fail)
except ExceptionGroup as e:
    print(e, "/", repr(e.exceptions[0]), len(e.exceptions))
# expect: unhandled errors in a TaskGroup (1 sub-exception) / ValueError('failed') 1
print(hanging.cancelled(), sync.Queue("log").get())  # expect: True cleaned up
