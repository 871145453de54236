import scriptling.runtime.kv as kv

value = {"list": [1, 2]}
kv.set("k", value)
value["list"].append("changed after set")
got = kv.get("k")
got["list"].append("changed after get")
print(kv.get("k"))  # expect: {'list': [1, 2]}
print(kv.get("missing"), kv.get("missing", 5), kv.get("missing", default=[]))  # expect: None 5 []
