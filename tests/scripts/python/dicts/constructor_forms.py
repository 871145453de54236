print(dict(), dict(a=1, b=2), dict([("x", 1), ["y", 2]]), dict({"k": 1}, k=2, z=3), dict(zip("ab", range(2))), {**{"q": 1}})
for bad in (lambda: dict(5), lambda: dict([1, 2]), lambda: dict([(1, 2, 3)]), lambda: dict(["ab", "c"])):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)
