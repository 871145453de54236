import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def producer():
    q = sync.Queue("one", 1)
    q.put("first")
    sync.Queue("signal").put("first is in")
    q.put("second")
    return "second is in"

p = runtime.run(producer)
print(sync.Queue("signal").get(), p.done())  # expect: first is in False
print(sync.Queue("one").get())  # expect: first
print(p.get(), sync.Queue("one").get())  # expect: second is in second
