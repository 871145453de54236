import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

class Manager:
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        sync.Queue("log").put("exit " + kind.__name__)

def work():
    sync.Queue("ready").put(1)
    with Manager():
        try:
            sync.Queue("never").get()
        except Exception:
            sync.Queue("log").put("not an Exception")
        finally:
            sync.Queue("log").put("finally")

p = runtime.run(work)
sync.Queue("ready").get()
while runtime.tasks()[-1]["state"] != "parked":
    pass
print(p.cancelled(), p.cancel())  # expect: False True
try:
    p.get()
except CancelledError as e:
    print("CancelledError:", e)  # expect: CancelledError: the task was cancelled
print(p.done(), p.cancelled(), p.cancel())  # expect: True True False
print(sync.Queue("log").get(), "/", sync.Queue("log").get(), "/", sync.Queue("log").size())  # expect: finally / exit CancelledError / 0
print(issubclass(CancelledError, Exception))  # expect: False
