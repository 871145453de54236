class Bad:
    def __str__(self):
        raise ValueError("cannot print")

    def __repr__(self):
        raise KeyError("cannot repr")

for f in (lambda: print("start", Bad()), lambda: str(Bad()), lambda: f"{Bad()}", lambda: repr([Bad()]), lambda: "%s" % Bad(), lambda: "{}".format(Bad()), lambda: str({"k": Bad()}), lambda: f"{Bad()!r}"):
    try:
        f()
    except (ValueError, KeyError) as e:
        print(type(e).__name__, e)
