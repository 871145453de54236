# flags: --grace 0
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stubborn():
    while True:
        try:
            sync.Queue("never").get()
        except BaseException as e:
            sync.Queue("seen").put(type(e).__name__)

p = runtime.run(stubborn, limits=runtime.Limits(seconds=0.01))
print(sync.Queue("seen").get())  # expect: TimeLimitExceeded
try:
    p.get()
except TimeLimitExceeded as e:
    print(e)  # expect: the time limit is exceeded
