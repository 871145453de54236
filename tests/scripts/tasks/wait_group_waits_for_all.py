import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def worker(n):
    sync.Atomic("sum").add(n)
    sync.WaitGroup("all").done()

group = sync.WaitGroup("all")
group.wait()
group.add(10)
for n in range(10):
    runtime.background(f"w{n}", worker, n)
group.wait()
print(sync.Atomic("sum").get())  # expect: 45
group.add()
runtime.background("again", worker, 100)
group.wait()
print(sync.Atomic("sum").get())  # expect: 145
