print({"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} != {"a": 2}, {} == {}, {"a": [1]} == {"a": [1.0]})
try:
    {} < {}
except TypeError as e:
    print(e)
d = {"users": [{"name": "Ann", "tags": ("x",)}, {"name": "Bob", "tags": ()}]}
d["users"][0]["age"] = 30
print(d, d["users"][1]["name"], [u.get("age", "?") for u in d["users"]])
d["self"] = d
print(d["self"]["self"] is d, d)
