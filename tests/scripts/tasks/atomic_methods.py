import scriptling.runtime.sync as sync

a = sync.Atomic("a", 10)
print(a.add(), a.add(5), a.add(-20), a.get())  # expect: 11 16 -4 -4
print(a.set(7), a.get())  # expect: None 7
print(sync.Atomic("a", 10).get(), sync.Atomic("fresh").get(), sync.Atomic("kw", initial=3).get())  # expect: 7 0 3
print(a.sub(), a.sub(delta=2), a.exchange(value=5), a.compare_and_set(5, value=6), a.compare_and_set(5, 7), a)
# expect: 6 4 4 True False <Atomic 'a' value=6>
try:
    a.add("x")
except TypeError:
    print("TypeError")  # expect: TypeError
