import scriptling.runtime as runtime
import scriptling.runtime.kv as kv

a, again, b = kv.open(":memory:a"), kv.open(":memory:a"), kv.open(":memory:b")
a.set("k", 1)
print(again.get("k"), b.get("k"), kv.get("k"))  # expect: 1 None None
print(a, a.name, a.path, kv.default, kv.default.name)  # expect: <Store ':memory:a'> :memory:a None <Store 'default'> default


def work(store):
    store.incr("k")
    return kv.open(":memory:a").get("k")


print(runtime.run(work, a).get(), a["k"])  # expect: 2 2
for name in ("", 5, None):
    try:
        kv.open(name)
    except (TypeError, ValueError) as e:
        print(e)
# expect: kv.open: store name must not be empty; use ":memory:name" for in-memory stores
# expect: kv.open() name must be a string, not int
# expect: kv.open() name must be a string, not NoneType
