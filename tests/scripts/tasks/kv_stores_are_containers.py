import scriptling.runtime.kv as kv

store = kv.open(":memory:container")
for n in range(1000):
    store[f"k{n}"] = n
print(len(store), store.count(), "k5" in store, "x" in store, store["k7"])  # expect: 1000 1000 True False 7
print(sorted(store) == store.keys(), len(set(store)), list(kv.open(":memory:empty")))  # expect: True 1000 []
store["k7"] = [store["k7"]]
store["k7"].append("lost: it is a copy")
del store["k5"]
print(store["k7"], "k5" in store, bool(kv.open(":memory:empty")))  # expect: [7] False False
for bad in (lambda: store["k5"], lambda: store[5], lambda: 5 in store):
    try:
        bad()
    except (KeyError, TypeError) as e:
        print(type(e).__name__, e)
# expect: KeyError 'k5'
# expect: TypeError key must be a string, not int
# expect: TypeError key must be a string, not int
try:
    del store["k5"]
except KeyError as e:
    print("KeyError", e)  # expect: KeyError 'k5'
# Keys may go and come while one goes through them.
for key in store:
    del store[key]
    store["other" + key] = 1
    if key.startswith("other"):
        del store["other" + key]
print(any(not key.startswith("other") for key in store))  # expect: False
