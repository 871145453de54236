import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def child():
    try:
        sync.Queue("ready").put(1)
        sync.Queue("never").get()
    finally:
        sync.Queue("log").put("child cleaned up")

def owner(in_block):
    try:
        with runtime.TaskGroup() as tg:
            tg.run(child)
            tg.run(child)
            if in_block:
                sync.Queue("never").get()
    finally:
        sync.Queue("log").put("owner leaves")

for in_block in [True, False]:
    p = runtime.run(owner, in_block)
    sync.Queue("ready").get()
    sync.Queue("ready").get()
    p.cancel()
    try:
        p.get()
    except CancelledError as e:
        print(e)
    print([sync.Queue("log").get() for _ in range(3)])
# expect: the task was cancelled
# expect: ['child cleaned up', 'child cleaned up', 'owner leaves']
# expect: the task was cancelled
# expect: ['child cleaned up', 'child cleaned up', 'owner leaves']
