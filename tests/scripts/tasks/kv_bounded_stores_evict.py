import scriptling.runtime.kv as kv

cache = kv.open(":memory:cache", max_entries=3)
for key in "abc":
    cache[key] = key
cache.get("a")
cache["d"] = "d"
print(cache.keys())  # expect: ['a', 'c', 'd']
soon = kv.open(":memory:soon", max_entries=2, policy="ttl")
soon.set("late", 1, ttl=1000)
soon.set("soon", 1, ttl=500)
soon["never"] = 1
print(soon.keys())  # expect: ['late', 'never']
soon["more"] = 1
try:
    soon["most"] = 1
except kv.StoreFull as e:
    print(e, soon.keys())  # expect: store ':memory:soon' is full ['more', 'never']
small = kv.open(":memory:small", max_bytes=10_000, policy="reject")
small["fits"] = "x" * 5000
for bad in ("x" * 5000, ["x" * 20_000]):
    try:
        small["too much"] = bad
    except kv.StoreFull as e:
        print(e, small.keys())
# expect: store ':memory:small' is full ['fits']
# expect: store ':memory:small' is full ['fits']
print(kv.open(":memory:cache").keys(), kv.open(":memory:cache", max_entries=3, policy="lru"))  # expect: ['a', 'c', 'd'] <Store ':memory:cache'>
for bad in (
    lambda: kv.open(":memory:cache", max_entries=4),
    lambda: kv.open(":memory:cache", policy="ttl", max_entries=3),
    lambda: kv.open(":memory:new", max_entries=0),
    lambda: kv.open(":memory:new", max_entries=1.5),
    lambda: kv.open(":memory:new", policy="lru"),
    lambda: kv.open(":memory:new", max_bytes=5, policy="fifo"),
    lambda: kv.open(":memory:new", durability="immediate"),
    lambda: kv.open("file.db", max_entries=5),
    lambda: kv.open("file.db", durability="never"),
    lambda: kv.open(":memory:new", max_entrys=5),
):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
# expect: ValueError store ':memory:cache' is open with max_entries=3, not 4
# expect: ValueError store ':memory:cache' is open with policy='lru', not 'ttl'
# expect: ValueError max_entries must be more than 0
# expect: TypeError max_entries must be an int or None, not float
# expect: ValueError policy needs max_entries or max_bytes
# expect: ValueError policy must be 'lru', 'ttl' or 'reject', not 'fifo'
# expect: ValueError durability is for stores in files
# expect: ValueError max_entries, max_bytes and policy are for stores in memory
# expect: ValueError durability must be 'immediate' or 'eventual', not 'never'
# expect: TypeError open() got an unexpected keyword argument 'max_entrys'. Did you mean 'max_entries'?
