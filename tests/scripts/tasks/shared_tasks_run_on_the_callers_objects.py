# shared=True: fibers of this task, on the same objects, one at a time.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

counter = 0
seen = []


def work(n, step=1):
    global counter
    for _ in range(n):
        counter = counter + step
    seen.append(n)
    return seen


promises = [runtime.background(f"w{i}", work, 200, step=2, shared=True) for i in range(50)]
results = runtime.gather(*promises)
print(counter, len(seen), all(r is seen for r in results))  # expect: 20000 50 True


# What the handler cannot give to another task is fine here: any object goes in and comes out as it is.
class Box:
    pass


box = Box()
gen = (x for x in range(3))
print(runtime.background("id", lambda b, g: (b, next(g)), box, gen, shared=True).get()[0] is box)  # expect: True
print(next(gen))  # expect: 1


class Oops(Exception):
    pass


oops = Oops("here")


def fail():
    raise oops


p = runtime.background("fails", fail, shared=True)
try:
    p.get()
except Oops as e:
    print(e is oops, p.exception() is oops, p.done())  # expect: True True True

# By name, and shared=False is an ordinary task.
print(runtime.background("named", "work", 1, shared=True).get() is seen)  # expect: True
print(runtime.background("own", "work", 1, shared=False).get() is seen)  # expect: False
print(runtime.background("len", len, "abc", shared=True).get())  # expect: 3

# They wait for each other, for other tasks, and with timeouts.
queue = sync.Queue("q", maxsize=1)


def produce(n):
    for i in range(n):
        queue.put(i)
    queue.close()


def consume():
    return [x for x in queue]


c = runtime.background("consumer", consume, shared=True)
runtime.background("producer", produce, 5, shared=True)
print(c.get(timeout=60))  # expect: [0, 1, 2, 3, 4]


def double(x):
    return x * 2


def waits_for_a_task():
    return runtime.run(double, 21).get()


print(runtime.background("outer", waits_for_a_task, shared=True).get())  # expect: 42

# Each is a task of its own: locks and the like are theirs.
shared = sync.Shared("total", 0)


def add(n):
    for _ in range(n):
        shared.update(lambda total: total + 1)


runtime.gather(*[runtime.background("add", add, 50, shared=True) for _ in range(4)])
print(shared.get())  # expect: 200
print(runtime.background("name", lambda: runtime.current_task().name, shared=True).get())  # expect: name


# Cancelling.
begun = []


def forever():
    try:
        begun.append(True)
        while True:
            yield_now()
    finally:
        print("cleaned up")


p = runtime.background("forever", forever, shared=True)
while not begun:
    yield_now()
was_running = p.cancel()
try:
    p.get()
except CancelledError as e:
    print(was_running, e, p.cancelled())
# expect: cleaned up
# expect: True the task was cancelled True

# Its promise elsewhere: a copy, or an error that says why there is none.
good = runtime.background("good", lambda: [1, 2], shared=True)
bad = runtime.background("bad", lambda: (x for x in []), shared=True)
good.wait()
bad.wait()


def elsewhere(good, bad):
    try:
        bad.get()
    except TypeError as e:
        return good.get(), str(e)


print(*runtime.run(elsewhere, good, bad).get(), sep="\n")
# expect: [1, 2]
# expect: the result of the shared task 'bad' stays in its own task: generator is not transferable

for wrong in [lambda: runtime.background("x", work, 1, shared=1), lambda: runtime.background("x", "nothing", shared=True)]:
    try:
        wrong()
    except (TypeError, NameError) as e:
        print(type(e).__name__, e)
# expect: TypeError background() shared must be a bool, not int
# expect: NameError function not found: nothing
try:
    runtime.background("x", work, 1, shared=True, limits=runtime.Limits(fuel=5))
except ValueError as e:
    print(e)
# expect: a shared task has no limits of its own: it runs within those of the task that it belongs to


def cleaning():
    try:
        sync.Queue("never").get()
    finally:
        print("at the end")


left = runtime.background("left", cleaning, shared=True)
while not any(task["id"] == left.id and task["state"] == "parked" for task in runtime.tasks()):
    pass
# expect: at the end
