import scriptling.runtime.kv as kv

for key in ("user:1", "user:2", "user:10", "order:1", "x"):
    kv.set(key, 1)
print(kv.keys())  # expect: ['order:1', 'user:1', 'user:10', 'user:2', 'x']
print(kv.keys("user:*"), kv.keys("user:?"), kv.keys(pattern="*:1"))  # expect: ['user:1', 'user:10', 'user:2'] ['user:1', 'user:2'] ['order:1', 'user:1']
print(kv.keys("[ux]*"), kv.keys("none*"))  # expect: ['user:1', 'user:10', 'user:2', 'x'] []
