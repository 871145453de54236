import scriptling.runtime.kv as kv

kv.mset({"a": 1, "b": [2], "c": {"x": (3,)}})
print(kv.mget(["c", "missing", "a"]), kv.mget(("b", "z"), default=0), kv.mget(k for k in "ab"))  # expect: [{'x': (3,)}, None, 1] [[2], 0] [1, [2]]
kv.mset({"a": 10, "t": 1}, ttl=60)
print(kv.ttl("a"), kv.ttl("b"), kv.ttl("t"))  # expect: 60 -1 60
for bad in (
    lambda: kv.mset({"x": 1, "y": [len]}),
    lambda: kv.mset({"x": 1, 2: 3}),
    lambda: kv.mset([("x", 1)]),
    lambda: kv.mget("ab"),
    lambda: kv.mget(["a", 1]),
    lambda: kv.mget(5),
):
    try:
        bad()
    except TypeError as e:
        print(e)
# expect: kv value: dict["y"]: list[0]: builtin_function_or_method is not data
# expect: key must be a string, not int
# expect: mapping must be a dict, not list
# expect: keys must be an iterable of strings, not str
# expect: key must be a string, not int
# expect: 'int' object is not iterable
print(kv.exists("x"))  # expect: False
print(kv.pop("a"), kv.pop("a", 0), kv.pop("a", default=None), kv.keys())  # expect: 10 0 None ['b', 'c', 't']
try:
    kv.pop("a")
except KeyError as e:
    print("KeyError", e)  # expect: KeyError 'a'
