"""Three ways to let tasks work on the same data, and one way that keeps them apart."""
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

counter = 0


def private(n):
    # A task has its own copy of the globals: this never reaches the main script.
    global counter
    counter += n
    return counter


def count(n):
    for _ in range(n):
        sync.Atomic("hits").add()


def record(name, score):
    def better(best):
        if best is None or score > best["score"]:
            return {"name": name, "score": score}
        return best

    # One task at a time is inside update(), so "read, compare, write" cannot be torn.
    sync.Shared("best").update(better)


def append(item, times):
    for _ in range(times):
        sync.Shared("items", []).update(lambda items: items + [item])


def broken(state):
    state["half"] = "done"
    raise RuntimeError("gave up half way")


def wait_for(promises):
    for promise in promises:
        promise.wait()


print("private counters:", [runtime.run(private, n).get() for n in (1, 2, 3)], "main still has", counter)

wait_for([runtime.run(count, 250) for _ in range(4)])
print("atomic hits:", sync.Atomic("hits").get())

wait_for([runtime.run(record, name, score) for name, score in (("ann", 12), ("bob", 31), ("cid", 7))])
print("best score:", sync.Shared("best").get())

wait_for([runtime.run(append, item, 50) for item in "xyz"])
items = sync.Shared("items").get()
print("shared items:", {item: items.count(item) for item in "xyz"})

config = sync.Shared("config", {"half": None})
try:
    config.update(broken)
except RuntimeError as error:
    print("update failed:", error, "- value is still", config.get())

copy = config.get()
copy["half"] = "changed in a copy"
print("a copy is a copy:", config.get())
# expect: private counters: [1, 2, 3] main still has 0
# expect: atomic hits: 1000
# expect: best score: {'name': 'bob', 'score': 31}
# expect: shared items: {'x': 50, 'y': 50, 'z': 50}
# expect: update failed: gave up half way - value is still {'half': None}
# expect: a copy is a copy: {'half': None}
