import scriptling.runtime.kv as kv

store = kv.open(":memory:bank")
store.mset({"ann": 10, "bob": 0, "gone": 1})
with store.transaction() as t:
    t["ann"] -= 3
    t["bob"] = t["bob"] + 3
    t.set("note", "paid", ttl=60)
    del t["gone"]
    print(t["ann"], store["ann"], "gone" in t, "gone" in store, t.mget(["ann", "none"], 0))  # expect: 7 10 False True [7, 0]
print(store.mget(["ann", "bob", "gone", "note"]), store.ttl("note"))  # expect: [7, 3, None, 'paid'] 60
try:
    with store.transaction() as t:
        t.incr("ann", -100)
        if t["ann"] < 0:
            raise ValueError("not enough")
except ValueError as e:
    print(e, store["ann"])  # expect: not enough 7
with store.transaction() as t:
    print(t.pop("ann"), t.pop("ann", 0), t.get("ann"), t.decr("n", 2), t.expire("bob", 50), t.persist("zoe"))  # expect: 7 0 None -2 True False
    t.mset({"x": 1, "y": 2})
print(store.keys(), store.ttl("bob"))  # expect: ['bob', 'n', 'note', 'x', 'y'] 50

# What was read has changed: nothing is written.
try:
    with store.transaction() as t:
        t["sum"] = t["x"] + t["y"]
        store["x"] = 100
except kv.Conflict as e:
    print(e, "sum" in store)  # expect: the transaction's data in store ':memory:bank' changed meanwhile: nothing was written False
# It is noticed at the next read, so that what is seen together was there together.
try:
    with store.transaction() as t:
        x = t["x"]
        store.mset({"x": 0, "y": 0})
        print("unreachable", x, t["y"])
except kv.Conflict:
    print("Conflict", issubclass(kv.Conflict, RuntimeError))  # expect: Conflict True
# A key that was missing counts as read; one that is only written does not.
with store.transaction() as t:
    t["z"] = 1
    store["z"] = 2
print(store["z"])  # expect: 1
for bad in (lambda: t["z"], lambda: t.__enter__(), lambda: store.transaction().get("z")):
    try:
        bad()
    except RuntimeError as e:
        print(e)
# expect: the transaction has ended
# expect: a transaction can be entered once
# expect: a transaction is used inside of its with block
with kv.transaction() as t:
    t["default"] = 1
print(kv.get("default"))  # expect: 1
