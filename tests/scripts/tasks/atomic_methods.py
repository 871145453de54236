import scriptling.runtime.sync as sync

a = sync.Atomic("a", 10)
print(a.add(), a.add(5), a.add(-20), a.get())  # expect: 11 16 -4 -4
print(a.set(7), a.get())  # expect: None 7
print(sync.Atomic("a", 99).get(), sync.Atomic("fresh").get(), sync.Atomic("kw", initial=3).get())  # expect: 7 0 3
try:
    a.add("x")
except TypeError:
    print("TypeError")  # expect: TypeError
