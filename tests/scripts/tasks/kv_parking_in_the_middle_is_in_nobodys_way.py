# A task that waits inside of a transaction or an update for what another one does to the same key.
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync

go, done = sync.Queue("go"), sync.Queue("done")


def other():
    go.get()
    kv.incr("k", 10)
    kv.update("k", lambda n: n + 1)
    done.put(kv.get("k"))


runtime.run(other)
kv.set("k", 1)
try:
    with kv.transaction() as t:
        value = t["k"]
        go.put(1)
        print(value, done.get())  # expect: 1 12
        t["k"] = value + 1
except kv.Conflict:
    print("Conflict", kv.get("k"))  # expect: Conflict 12

runtime.run(other)
seen = []


def add(n):
    seen.append(n)
    if len(seen) == 1:
        go.put(1)
        done.get()
    return n + 1


print(kv.update("k", add), seen)  # expect: 24 [12, 23]


# A task that is cancelled in the middle holds nothing.
def stuck():
    with kv.transaction() as t:
        t["k"] = "never"
        done.put("inside")
        sync.Queue("never").get()


task = runtime.run(stuck)
print(done.get())  # expect: inside
task.cancel()
try:
    task.get()
except BaseException as e:
    print(type(e).__name__)  # expect: CancelledError
print(kv.get("k"))  # expect: 24
