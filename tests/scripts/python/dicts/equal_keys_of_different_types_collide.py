d = {1: "int"}
d[1.0] = "float"
d[True] = "bool"
print(d, d[1], len(d))
print({0: "a", False: "b", 0.0: "c"}, {"1": "s", 1: "n"}, {(1,): 1, (1.0,): 2})
