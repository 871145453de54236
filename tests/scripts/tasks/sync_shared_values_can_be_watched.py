import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

# The same initial value may be given again, whatever the value is by now; another one may not.
s = sync.Shared("s", {"n": 0, "done": [1, 2]})
s.update(lambda v, by, key: {**v, key: v[key] + by}, 2, key="n")
print(sync.Shared("s", {"done": [1, 2], "n": 0}).get(), sync.Shared("s").get()["n"])  # expect: {'n': 2, 'done': [1, 2]} 2
trap(sync.Shared, "s", {"n": 2})  # expect: ValueError: shared value 's' exists with initial {'n': 0, 'done': [1, 2]}, not {'n': 2}
trap(sync.Shared, "s", None)  # expect: ValueError: shared value 's' exists with initial {'n': 0, 'done': [1, 2]}, not None
trap(sync.Shared, "s", "x" * 100)
# expect: ValueError: shared value 's' exists with initial {'n': 0, 'done': [1, 2]}, not 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
trap(sync.Shared, "new", (n for n in ()))  # expect: TypeError: initial value: generator is not transferable

def count():
    for _ in range(100):
        sync.Shared("n", 0).update(lambda n: n + 1)

promises = [runtime.run(count) for _ in range(3)]
print(sync.Shared("n", 0).wait_for(lambda n: n >= 300, timeout=60))  # expect: 300
print(s.wait_for(predicate=lambda v: v["done"], timeout=0))  # expect: {'n': 2, 'done': [1, 2]}
trap(s.wait_for, lambda v: v["n"] > 2, timeout=0)  # expect: TimeoutError: timed out: shared value 's' (wait_for)
trap(s.wait_for, lambda v: v["missing"])  # expect: KeyError: 'missing'
trap(s.wait_for, 5)  # expect: TypeError: 'int' object is not callable
trap(s.wait_for, lambda v: True, -1)  # expect: ValueError: timeout must not be negative

# The predicate may wait itself, and its result may have a truth of its own.
class Answer:
    def __init__(self, value):
        self.value = value
    def __bool__(self):
        return sync.Queue("answers").get() == self.value

sync.Queue("answers").put("no")
sync.Queue("answers").put("yes")
waits = runtime.run(lambda: sync.Shared("asked", 0).wait_for(lambda v: Answer("yes")))
while sync.Queue("answers").size() == 2:
    pass
sync.Shared("asked", 0).set(1)
print(waits.get() in (0, 1))  # expect: True
trap(s.update, lambda v: s.update(lambda w: w))
# expect: RuntimeError: this task is updating shared value 's' already: update() does not nest
trap(s.update, lambda v: s.set(1))
# expect: RuntimeError: this task is updating shared value 's' already: update() does not nest
