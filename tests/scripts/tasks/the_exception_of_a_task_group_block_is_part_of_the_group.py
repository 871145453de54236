import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def hang():
    sync.Queue("never").get()

try:
    with runtime.TaskGroup() as tg:
        hanging = tg.run(hang)
        raise KeyError("of the block")
except ExceptionGroup as group:
    print(group.exceptions, hanging.cancelled())  # expect: (KeyError('of the block'),) True

# What is no Exception is raised as it is.
try:
    with runtime.TaskGroup() as tg:
        tg.run(hang)
        raise KeyboardInterrupt("stop")
except KeyboardInterrupt as e:
    print(repr(e))  # expect: KeyboardInterrupt('stop')
