# All consumers park first: with a pool smaller than 64 this only ends if a parked get() frees its thread.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def consumer(n):
    sync.Atomic("started").add()
    return sync.Queue("jobs").get()

def producer():
    for n in range(64):
        sync.Queue("jobs").put(n)

consumers = [runtime.run(consumer, n) for n in range(64)]
while sync.Atomic("started").get() < 64:
    pass
runtime.run(producer).get()
print(sorted(c.get() for c in consumers) == list(range(64)))  # expect: True
print(sync.Queue("jobs").size())  # expect: 0
