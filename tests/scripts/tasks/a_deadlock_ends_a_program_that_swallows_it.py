import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stubborn():
    while True:
        try:
            sync.Queue("never").get()
        except BaseException:
            pass

p = runtime.run(stubborn)
while True:
    try:
        p.get()
    except BaseException:
        print("swallowed")  # expect: swallowed
# expect exit: 3
# expect stderr: deadlock
