import scriptling.runtime.kv as kv

kv.set("k", 1, ttl=0.5)
print(kv.ttl("k"), kv.expire("k", 100), kv.ttl("k"))  # expect: 1 True 100
print(kv.persist("k"), kv.ttl("k"), kv.persist("missing"), kv.expire("missing", 1))  # expect: True -1 False False
kv.set("k", 1, ttl=50)
kv.incr("k")
kv.update("k", lambda n: n + 1)
print(kv.ttl("k"), kv.get("k"))  # expect: 50 3
kv.set("k", 1, ttl=None)
print(kv.ttl("k"))  # expect: -1
for bad in (-1, -0.001, float("nan"), float("inf"), "10", True, [1], 2 ** 400):
    try:
        kv.set("bad", 1, ttl=bad)
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)
# expect: ValueError ttl must not be negative
# expect: ValueError ttl must not be negative
# expect: ValueError ttl must be a number of seconds, not nan
# expect: OverflowError ttl is too large
# expect: TypeError ttl must be a number of seconds, not str
# expect: TypeError ttl must be a number of seconds, not bool
# expect: TypeError ttl must be a number of seconds, not list
# expect: OverflowError ttl is too large
for bad in (0, None, -5):
    try:
        kv.expire("k", bad)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
# expect: ValueError ttl must be more than 0: persist() removes an expiry, delete() a key
# expect: TypeError ttl must be a number of seconds, not NoneType
# expect: ValueError ttl must not be negative
print(kv.exists("bad"))  # expect: False
