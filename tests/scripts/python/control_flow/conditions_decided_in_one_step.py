# Conditions that are decided in one op: a local against a constant, `is` and `in` with a jump behind.


class Odd:
    """Equal to everything, in its own words."""

    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        print("eq", other)
        return self.answer


class Raises:
    def __eq__(self, other):
        raise ValueError(f"not comparable with {other!r}")


def kind(x):
    if x == "text":
        return "text"
    elif x == 7:
        return "seven"
    elif x == 2.5:
        return "float"
    elif x == None:
        return "none"
    elif not x == (1, 2):
        return "other"
    return "pair"


def run():
    for x in ["text", "te" + "xt", 7, 7.0, True, 2.5, None, (1, 2), [1, 2], "", b"text", 10**30, float("nan")]:
        print(repr(x), kind(x))
    print(kind(Odd([])), kind(Odd([1])), kind(Odd("")))
    try:
        kind(Raises())
    except ValueError as error:
        print(error)
    long = "x" * 300
    print("yes" if long == "x" * 300 else "no", "yes" if long == "y" else "no")


def loops():
    marker = object()
    seen = []
    n = 0
    while marker is not None:
        n += 1
        if n in (3, 5):
            continue
        if n not in (1, 2, 4):
            if n == 6 or n == 9:
                break
        seen.append(n)
    print(seen, n)
    found = [x for x in range(20) if x in {3, 4, 5} or x is marker]
    print(found)
    x = marker is marker
    y = 3 in [1, 2]
    print(x, y, not x, (marker is None) == False)
    while True:
        if "b" in "abc":
            break
    do = [1, 2, 3]
    while do:
        do.pop()
    print(do, bool(do), "empty" if not do else "full")


run()
loops()
