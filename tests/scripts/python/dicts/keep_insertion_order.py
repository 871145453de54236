d = {"z": 1, "a": 2}
d["m"] = 3
d["z"] = 10
print(d, list(d), d.keys(), d.values(), d.items())
del d["a"]
d["a"] = 5
print(d, list(reversed(d)), next(iter(d)), list(reversed(d.values())), list(reversed(d.items())))
