import scriptling.runtime as runtime
import scriptling.runtime.kv
import scriptling.runtime.sync

print(all(callable(getattr(runtime, name)) for name in ("background", "run")))  # expect: True
print([hasattr(runtime.sync, n) for n in ("Atomic", "Queue", "Shared", "WaitGroup")])  # expect: [True, True, True, True]
print([hasattr(runtime.kv, n) for n in ("set", "get", "incr", "delete", "exists", "ttl", "keys", "clear", "default")].count(True))  # expect: 9
