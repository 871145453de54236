import scriptling.runtime.sync as sync

s = sync.Shared("s", 1)
print(s.update(lambda v: v + 41), s.get())  # expect: 42 42
print(sync.Shared("s").get(), sync.Shared("none").get())  # expect: 42 None
