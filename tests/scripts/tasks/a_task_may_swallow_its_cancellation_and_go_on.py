import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stubborn():
    sync.Queue("ready").put(1)
    try:
        sync.Queue("never").get()
    except CancelledError:
        pass
    # Cancelling again within the grace period does nothing.
    sync.Queue("ready").put(2)
    return sync.Queue("go").get()

p = runtime.run(stubborn)
sync.Queue("ready").get()
p.cancel()
sync.Queue("ready").get()
print(p.cancel())  # expect: True
sync.Queue("go").put("went on")
print(p.get(), p.cancelled())  # expect: went on False
