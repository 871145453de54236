import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def source():
    return sync.Queue("start").get()

def waiter(p, n):
    return p.get() * n

p = runtime.run(source)
waiters = [runtime.run(waiter, p, n) for n in range(20)]
sync.Queue("start").put(2)
print(sum(w.get() for w in waiters))  # expect: 380
