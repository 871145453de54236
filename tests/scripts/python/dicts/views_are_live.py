d = {"a": 1, "b": 2}
k, v, i = d.keys(), d.values(), d.items()
d["c"] = 3
print(k, v, i, len(k), "c" in k, 3 in v, ("c", 3) in i, list(k))
print(k == {"a", "b", "c"}, k == {"c": 0, "b": 0, "a": 0}.keys(), i == d.items(), v == d.values())
