import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def spin():
    try:
        sync.Queue("ready").put(1)
        while True:
            pass
    except CancelledError:
        return "was cancelled"

p = runtime.run(spin)
sync.Queue("ready").get()
p.cancel()
# It has returned, so it was not cancelled after all.
print(p.get(), p.cancelled())  # expect: was cancelled False
