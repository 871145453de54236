import scriptling.runtime.kv as kv

print(kv.set("k", 1), kv.set("k", 2, if_absent=True), kv.get("k"))  # expect: True False 1
print(kv.set("new", 1, if_absent=True), kv.set("new", [1, {"a": (2,)}], if_equals=1.0))  # expect: True True
print(kv.set("new", 0, if_equals=[1, {"a": [2]}]), kv.set("new", 0, if_equals=[True, {"a": (2.0,)}]))  # expect: False True
print(kv.set("missing", 0, if_equals=None), kv.exists("missing"))  # expect: False False
kv.set("none", None)
print(kv.set("none", 1, if_equals=None), kv.get("none"))  # expect: True 1
print(kv.set("none", 2, ttl=60, if_equals=1), kv.ttl("none"))  # expect: True 60
for bad in (
    lambda: kv.set("k", 1, if_absent=True, if_equals=1),
    lambda: kv.set("k", 1, if_absent=1),
    lambda: kv.set("k", 1, if_equals=[print]),
    lambda: kv.set("k", 1, 0, True),
    lambda: kv.set("k", 1, if_abset=True),
):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
# expect: ValueError if_absent and if_equals exclude each other
# expect: TypeError if_absent must be a bool, not int
# expect: TypeError if_equals: list[0]: builtin_function_or_method is not data
# expect: TypeError set() takes at most 3 arguments (4 given)
# expect: TypeError set() got an unexpected keyword argument 'if_abset'. Did you mean 'if_absent'?
