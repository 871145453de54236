import scriptling.runtime.kv as kv

print(kv.incr("n"), kv.incr("n"), kv.incr("n", 10), kv.incr("n", delta=-2), kv.get("n"))  # expect: 1 2 12 10 10
kv.set("text", "ten")
for bad in ("text",):
    try:
        kv.incr(bad)
    except TypeError:
        print("TypeError", kv.get(bad))  # expect: TypeError ten
