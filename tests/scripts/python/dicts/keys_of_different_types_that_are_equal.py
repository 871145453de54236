d = {1: "int", "1": "str", (1, "a"): "tuple", None: "none", 2.0: "float"}
print(d[1], d[True], d[1.0], d["1"], d[(1, "a")], d[(True, "a")], d[(1.0, "a")], d[None], d[2])
print(0 in d, False in d, 2 in d, (1,) in d, (1, "a", 2) in d, ((1, "a"),) in d)
d[True] = "bool"
d[(1.0, "a")] = "changed"
print(d)
big = 2**70
d[big] = "big"
print(d[2**70], float(big) in d, -1 in d, -2 in d)
e = {-1: "m1", -2: "m2"}
print(e[-1], e[-2], hash(-1) == hash(-2), {(-1,): 1}.get((-2,)))
nan = float("nan")
f = {nan: 1, (nan,): 2}
print(f[nan], f[(nan,)], nan in f, nan in [nan], nan == nan, (nan,) == (nan,), [nan] == [nan])
nested = {((1, 2), ("a", (3, "b"))): "deep", ((((1,),),),): "deeper"}
print(nested[((1, 2), ("a", (3, "b")))], nested[((((1,),),),)], ((((2,),),),) in nested)


class Same:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other

    def __hash__(self):
        return hash(self.value)


g = {Same("x"): 1, Same(5): 2, Same((1, 2)): 3}
print(g["x"], g[5], g[(1, 2)], "x" in g, "y" in g, Same("x") in {"x"}, (0, Same(1)) in {(0, 1)}, (0, 1) in {(0, Same(1))})
