d = {"a": 1, 2: "b"}
for bad in (lambda: d["x"], lambda: d[5], lambda: d.pop("q"), lambda: d[("t", 1)], lambda: {}.popitem()):
    try:
        bad()
    except KeyError as e:
        print(repr(e), "|", e, "|", e.args)
try:
    del d["gone"]
except KeyError as e:
    print(e)
