import scriptling.runtime.kv as kv

first, second = kv.open(":memory:x"), kv.open(":memory:x")
first.set("k", 1)
first.close()
first.close()
print(first, second.get("k"))  # expect: <Store ':memory:x' closed> 1
for use in (
    lambda: first.get("k"),
    lambda: first.set("k", 2),
    lambda: "k" in first,
    lambda: len(first),
    lambda: list(first),
    lambda: first.transaction(),
    lambda: first.update("k", abs),
):
    try:
        use()
    except RuntimeError as e:
        print(e)
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
# expect: store ':memory:x' is closed
with second:
    print(second["k"])  # expect: 1
try:
    second["k"]
except RuntimeError as e:
    print(e)  # expect: store ':memory:x' is closed
print(kv.open(":memory:x").get("k"), first.name)  # expect: None :memory:x
kv.default.close()
kv.set("still", "open")
print(kv.default["still"])  # expect: open
