import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def gated():
    sync.Queue("gate").get()
    return "through"

p = runtime.run(gated)
print(p.done())  # expect: False
sync.Queue("gate").put("go")
print(p.wait())  # expect: None
print(p.done(), p.get())  # expect: True through
