# flags: --grace 0
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stubborn():
    sync.Queue("ready").put(1)
    while True:
        try:
            sync.Queue("never").get()
        except CancelledError:
            sync.Queue("ready").put(2)
        finally:
            sync.Queue("ready").put(3)

p = runtime.run(stubborn)
sync.Queue("ready").get()
p.cancel()
print(sync.Queue("ready").get(), sync.Queue("ready").get())  # expect: 2 3
p.cancel()
try:
    p.get()
except CancelledError as e:
    print(e)  # expect: the task was ended before it was finished
print(sync.Queue("ready").size(), p.cancelled())  # expect: 0 True
