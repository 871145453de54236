import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

a = sync.Atomic("a", 2**63 - 2)

def count(delta):
    for _ in range(500):
        a.add(delta)

for promise in [runtime.run(count, d) for d in (1, 2, -1, 1)]:
    promise.get()
print(a.get() - 2**63, a.get() == 2**63 + 1498)  # expect: 1498 True
print(a.exchange(-2**63) == 2**63 + 1498, a.get(), a.sub(), a.add())
# expect: True -9223372036854775808 -9223372036854775809 -9223372036854775808
print(a.compare_and_set(-2**63, 2**100), a.compare_and_set(2**100 + 1, 0), a)
# expect: True False <Atomic 'a' value=1267650600228229401496703205376>
print(a.set(True), a.get())  # expect: None 1
for call in (lambda: a.add(1 << (1 << 20)), lambda: a.set(1.5), lambda: a.add(by=1), lambda: sync.Atomic("a", 3),
             lambda: sync.Atomic("new", "x")):
    try:
        call()
    except Exception as e:
        print(f"{type(e).__name__}: {e}")
# expect: OverflowError: atomic 'a' is limited to 1048576 bits
# expect: TypeError: value must be an int, not float
# expect: TypeError: add() got an unexpected keyword argument 'by'
# expect: ValueError: atomic 'a' exists with initial 9223372036854775806, not 3
# expect: TypeError: initial must be an int, not str
print(a.get(), sync.list("Atomic"))  # expect: 1 [('Atomic', 'a')]
