import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

class Logged:
    def __enter__(self):
        sync.Queue("log").put("enter")

    def __exit__(self, kind, value, tb):
        sync.Queue("log").put(f"exit {kind.__name__}")

def job():
    try:
        with Logged():
            sync.Queue("go").get()
            raise KeyError("inside")
    finally:
        sync.Queue("log").put("finally")

p = runtime.run(job)
sync.Queue("go").put(1)
try:
    p.get()
except KeyError as e:
    print("KeyError", e)  # expect: KeyError 'inside'
log = sync.Queue("log")
print(log.get(), log.get(), log.get())  # expect: enter exit KeyError finally
