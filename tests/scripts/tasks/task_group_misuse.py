import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def attempt(fn, *args):
    try:
        fn(*args)
    except RuntimeError as e:
        print(e)

tg = runtime.TaskGroup()
attempt(tg.run, int)  # expect: a TaskGroup starts tasks inside of its with block
with tg:
    attempt(tg.__enter__)  # expect: a TaskGroup can be entered once
attempt(tg.run, int)  # expect: the with block of the TaskGroup has ended
attempt(tg.__enter__)  # expect: a TaskGroup can be entered once
def fail():
    raise ValueError("x")
try:
    with runtime.TaskGroup() as tg:
        try:
            tg.run(fail)
            while True:
                pass
        except CancelledError:
            attempt(tg.run, int)  # expect: the TaskGroup is shutting down: it takes no more tasks
except ExceptionGroup:
    print("failed")  # expect: failed
