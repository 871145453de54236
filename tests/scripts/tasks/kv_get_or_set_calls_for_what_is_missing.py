import scriptling.runtime as runtime
import scriptling.runtime.kv as kv

calls = []


def make():
    calls.append(1)
    return {"made": len(calls)}


print(kv.get_or_set("k", make), kv.get_or_set("k", make), calls)  # expect: {'made': 1} {'made': 1} [1]
print(kv.get_or_set("v", 5, ttl=10), kv.get_or_set("v", 6), kv.ttl("v"))  # expect: 5 5 10


def fail():
    raise ValueError("no value")


try:
    kv.get_or_set("f", fail)
except ValueError as e:
    print(e, kv.exists("f"))  # expect: no value False
try:
    kv.get_or_set("k", (n for n in []))
except TypeError as e:
    print(e)  # expect: kv value: generator is not data
# All get what the first has stored.
got = [p.get() for p in [runtime.run(lambda n: kv.get_or_set("race", lambda: n), n) for n in range(20)]]
print(len(set(got)), got[0] == kv.get("race"))  # expect: 1 True
