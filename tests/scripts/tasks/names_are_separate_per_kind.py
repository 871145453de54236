import scriptling.runtime.sync as sync

sync.Atomic("x").set(1)
sync.Queue("x").put("item")
sync.Shared("x", "value")
sync.WaitGroup("x").add(1)
print(sync.Atomic("x").get(), sync.Queue("x").size(), sync.Shared("x").get())  # expect: 1 1 value
sync.WaitGroup("x").done()
sync.WaitGroup("x").wait()
for kind in (sync.Atomic, sync.Queue, sync.Shared, sync.WaitGroup):
    try:
        kind(5)
    except TypeError:
        print("TypeError")
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
