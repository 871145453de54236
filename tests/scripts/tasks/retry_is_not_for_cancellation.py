import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work():
    sync.Atomic("calls").add()
    sync.Queue("ready").put(1)
    sync.Queue("never").get()

p = runtime.run(lambda: runtime.retry(work, attempts=5, backoff=0))
sync.Queue("ready").get()
p.cancel()
try:
    p.get()
except CancelledError:
    print(sync.Atomic("calls").get())  # expect: 1
