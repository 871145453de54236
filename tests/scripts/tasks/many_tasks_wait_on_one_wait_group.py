import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def waiter(n):
    sync.WaitGroup("gate").wait()
    return n

sync.WaitGroup("gate").add(1)
promises = [runtime.run(waiter, n) for n in range(40)]
print(any(p.done() for p in promises))  # expect: False
sync.WaitGroup("gate").done()
print(sum(p.get() for p in promises))  # expect: 780
