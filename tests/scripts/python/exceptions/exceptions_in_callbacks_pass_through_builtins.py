def bad(x):
    if x == 2:
        raise KeyError("from callback")
    return x

for f in (lambda: list(map(bad, [1, 2, 3])), lambda: sorted([1, 2], key=bad), lambda: max([1, 2], key=bad), lambda: [bad(i) for i in range(3)], lambda: list(filter(bad, [2])), lambda: sum(bad(i) for i in range(3)), lambda: dict((bad(i), 1) for i in [2]), lambda: ",".join(str(bad(i)) for i in [1, 2])):
    try:
        f()
    except KeyError as e:
        print("KeyError", e)
