import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def hang():
    sync.Queue("never").get()

with runtime.TaskGroup() as tg:
    child = tg.run(hang)
    other = tg.run(int)
    child.cancel()
print(child.cancelled(), other.get())  # expect: True 0
