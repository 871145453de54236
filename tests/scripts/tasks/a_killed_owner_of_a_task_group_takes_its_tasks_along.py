# flags: --grace 0
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def child():
    try:
        sync.Queue("ready").put(1)
        sync.Queue("never").get()
    finally:
        sync.Queue("log").put("child cleaned up")

def owner():
    with runtime.TaskGroup() as tg:
        tg.run(child)
        while True:
            try:
                sync.Queue("never").get()
            except CancelledError:
                sync.Queue("log").put("owner goes on")

p = runtime.run(owner)
sync.Queue("ready").get()
p.cancel()
print(sync.Queue("log").get())  # expect: owner goes on
p.cancel()
print(sync.Queue("log").get())  # expect: child cleaned up
