import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def broken(value):
    value.append("lost")
    raise ValueError("update failed")

s = sync.Shared("s", [1])
try:
    s.update(broken)
except ValueError as e:
    print(e)  # expect: update failed
print(s.get())  # expect: [1]

def other():
    return sync.Shared("s").update(lambda v: v + [2])

print(runtime.run(other).get(), s.get())  # expect: [1, 2] [1, 2]
for bad in (5, lambda: 1):
    try:
        s.update(bad)
    except TypeError:
        print("TypeError", s.get())
# expect: TypeError [1, 2]
# expect: TypeError [1, 2]
