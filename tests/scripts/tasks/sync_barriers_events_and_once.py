import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except BaseException as e:
        print(f"{type(e).__name__}: {e}")

event = sync.Event("e")
trap(event.wait, timeout=0)  # expect: TimeoutError: timed out: event 'e'
waiting = [runtime.run(lambda: sync.Event("e").wait(timeout=60)) for _ in range(5)]
event.set()
print([p.get() for p in waiting], event.wait(), event.is_set(), event)  # expect: [True, True, True, True, True] True True <Event 'e' set>
print(event.clear(), event.is_set(), event)  # expect: None False <Event 'e' not set>

trap(sync.Barrier, "b")  # expect: ValueError: barrier 'b' does not exist: parties is needed to create it
trap(sync.Barrier, "b", parties=0)  # expect: ValueError: parties must be at least 1, not 0
barrier = sync.Barrier("b", parties=3)
trap(sync.Barrier, "b", 4)  # expect: ValueError: barrier 'b' exists with parties 3, not 4

def rounds():
    barrier = sync.Barrier("b")
    return [barrier.wait() for _ in range(20)]

indexes = [p.get() for p in [runtime.run(rounds) for _ in range(3)]]
print(all(sorted(r) == [0, 1, 2] for r in zip(*indexes)))  # expect: True
trap(barrier.wait, timeout=0)  # expect: TimeoutError: timed out: barrier 'b' (1 of 3 are there)
print(barrier.broken)  # expect: True
trap(barrier.wait)  # expect: BrokenBarrierError: barrier 'b' is broken
barrier.reset()
print(barrier.broken, barrier)  # expect: False <Barrier 'b' waiting=0 parties=3>

# One that is cancelled breaks it for the others.
there = [runtime.run(lambda: sync.Barrier("b").wait()) for _ in range(2)]
while barrier.n_waiting < 2:
    pass
there[0].cancel()
trap(there[1].get)  # expect: BrokenBarrierError: barrier 'b' is broken
trap(there[0].get)  # expect: CancelledError: the task was cancelled
barrier.reset()
last = runtime.run(lambda: sync.Barrier("b").wait())
while barrier.n_waiting < 1:
    pass
barrier.abort()
trap(last.get)  # expect: BrokenBarrierError: barrier 'b' is broken

once = sync.Once("o")
def fails():
    raise ValueError("not this time")
trap(once.call, fails)  # expect: ValueError: not this time
def makes(a, *, b):
    sync.Atomic("made").add()
    sync.Event("go").wait()
    return [a, b]
calls = [runtime.run(lambda: sync.Once("o").call(makes, 1, b=2)) for _ in range(10)]
sync.Event("go").set()
print([p.get() for p in calls] == [[1, 2]] * 10, sync.Atomic("made").get(), once.done(), once)
# expect: True 1 True <Once 'o' done>
print(once.call(fails))  # expect: [1, 2]
trap(sync.Once("n").call, lambda: sync.Once("n").call(makes))
# expect: RuntimeError: this task is doing once 'n' already: call() does not nest
# One that is cancelled in the middle leaves it to the next.
def hangs():
    sync.Event("hangs").set()
    sync.Queue("never").get()
first = runtime.run(lambda: sync.Once("c").call(hangs))
sync.Event("hangs").wait()
second = runtime.run(lambda: sync.Once("c").call(lambda: "second"))
first.cancel()
print(second.get())  # expect: second
trap(first.get)  # expect: CancelledError: the task was cancelled
