import scriptling.runtime as runtime
import scriptling.runtime.kv as kv


def count():
    for _ in range(100):
        kv.update("n", lambda n: n + 1, default=0)


for task in [runtime.run(count) for _ in range(8)]:
    task.wait()
print(kv.get("n"))  # expect: 800
print(kv.update("list", lambda items: items + [1], []), kv.update("none", lambda v: v is None))  # expect: [1] True


def bad(value):
    value.append("lost")
    raise ValueError("no")


try:
    kv.update("list", bad)
except ValueError as e:
    print(e, kv.get("list"))  # expect: no [1]
for function in (lambda v: print, 5, lambda: 1):
    try:
        kv.update("list", function)
    except TypeError as e:
        print(e)
# expect: kv value: builtin_function_or_method is not data
# expect: function must be callable, not int
# expect: <lambda>() takes 0 positional arguments but 1 was given
# A function that changes what is being updated would be called for ever.
def tx():
    with kv.transaction() as t:
        t["n"] = 1


for inside in (
    lambda: kv.incr("n"),
    lambda: kv.update("n", lambda n: 1),
    lambda: kv.default.set("n", 1),
    lambda: kv.mset({"m": 1, "n": 1}),
    lambda: kv.delete("n"),
    lambda: kv.pop("n"),
    lambda: kv.expire("n", 5),
    tx,
):
    try:
        kv.update("n", lambda n: inside())
    except RuntimeError as e:
        print(e)
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
# expect: this task is updating 'n': the function must not change it itself
print(kv.update("n", lambda n: kv.incr("other") + kv.open(":memory:else").incr("n")), kv.get("n"))  # expect: 2 2
