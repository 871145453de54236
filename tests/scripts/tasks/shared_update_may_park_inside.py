# The callback waits for another task while it holds the value; nothing else may see the half-way state.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def slow(value):
    sync.Queue("inside").put("holding")
    return value + sync.Queue("amount").get()

def updater():
    return sync.Shared("n", 0).update(slow)

def adder():
    return sync.Shared("n", 0).update(lambda v: v + 1)

p = runtime.run(updater)
print(sync.Queue("inside").get())  # expect: holding
others = [runtime.run(adder) for _ in range(5)]
print(any(o.done() for o in others))  # expect: False
sync.Queue("amount").put(100)
print(p.get(), sorted(o.get() for o in others))  # expect: 100 [101, 102, 103, 104, 105]
