import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    raise ValueError("failed")

try:
    with runtime.TaskGroup() as tg:
        tg.run(fail)
        try:
            sync.Queue("never").get()
        except CancelledError as e:
            print(e)  # expect: a task of the group has failed
            raise
        finally:
            print("block cleans up")  # expect: block cleans up
except* ValueError as group:
    print(group.exceptions)  # expect: (ValueError('failed'),)

# A busy block, too.
try:
    with runtime.TaskGroup() as tg:
        tg.run(fail)
        while True:
            pass
except ExceptionGroup as group:
    print(group.exceptions)  # expect: (ValueError('failed'),)
# The owner itself was not cancelled.
runtime.sleep(0)
print("goes on")  # expect: goes on
