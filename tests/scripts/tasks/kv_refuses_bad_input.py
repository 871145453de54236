import scriptling.runtime.kv as kv

def attempt(f):
    try:
        f()
        print("accepted")
    except (TypeError, ValueError) as e:
        print(type(e).__name__)

attempt(lambda: kv.set(5, 1))  # expect: TypeError
attempt(lambda: kv.set(["k"], 1))  # expect: TypeError
attempt(lambda: kv.get(None))  # expect: TypeError
attempt(lambda: kv.set("k", 1, ttl=-1))  # expect: ValueError
attempt(lambda: kv.set("k", (x for x in [])))  # expect: TypeError
attempt(lambda: kv.set("k"))  # expect: TypeError
print(kv.keys())  # expect: []
