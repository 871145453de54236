import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stage(source, target, f):
    while True:
        item = source.get()
        if item is None:
            target.put(None)
            return
        target.put(f(item))

a, b, c = (sync.Queue(name, maxsize=2) for name in "abc")
runtime.run(stage, a, b, lambda n: n * n)
runtime.run(stage, b, c, str)

def feed(n):
    for i in range(n):
        sync.Queue("a").put(i)
    sync.Queue("a").put(None)

runtime.run(feed, 6)
out = []
while (item := c.get()) is not None:
    out.append(item)
print(out)  # expect: ['0', '1', '4', '9', '16', '25']
