import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail():
    raise ValueError("no")

def hang():
    sync.Queue("never").get()

print(runtime.run(int).exception())  # expect: None
print(repr(runtime.run(fail).exception()))  # expect: ValueError('no')
p = runtime.run(hang)
try:
    p.exception(timeout=0.01)
except TimeoutError as e:
    print(e, p.done())  # expect: timed out: task 'hang' False
p.cancel()
try:
    p.exception()
except CancelledError as e:
    print(e, p.cancelled())  # expect: the task was cancelled True
