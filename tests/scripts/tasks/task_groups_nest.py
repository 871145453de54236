import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    raise ValueError("inner")

def hang(name):
    try:
        sync.Queue("never").get()
    finally:
        sync.Queue("log").put(name)

# A failure inside passes through both.
try:
    with runtime.TaskGroup() as outer:
        outer.run(hang, "outer")
        while [t["state"] for t in runtime.tasks()].count("parked") < 1:
            yield_now()
        with runtime.TaskGroup() as inner:
            inner.run(fail)
except ExceptionGroup as group:
    print(group.exceptions[0].exceptions)  # expect: (ValueError('inner'),)
print(sync.Queue("log").get())  # expect: outer

# A failure outside ends the inner block, while it runs and while it waits.
for waits in [False, True]:
    try:
        with runtime.TaskGroup() as outer:
            with runtime.TaskGroup() as inner:
                child = inner.run(hang, "inner")
                while [t["state"] for t in runtime.tasks()].count("parked") < 1:
                    yield_now()
                outer.run(fail)
                if not waits:
                    sync.Queue("never").get()
    except ExceptionGroup as group:
        print(group.exceptions, child.cancelled(), sync.Queue("log").get())
# expect: (ValueError('inner'),) True inner
# expect: (ValueError('inner'),) True inner

# An inner failure that is caught leaves the outer group alone.
with runtime.TaskGroup() as outer:
    p = outer.run(int)
    try:
        with runtime.TaskGroup() as inner:
            inner.run(fail)
    except ExceptionGroup as group:
        print("caught", group.exceptions)  # expect: caught (ValueError('inner'),)
print(p.get())  # expect: 0
