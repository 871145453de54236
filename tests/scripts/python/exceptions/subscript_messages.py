n, f, text, items, pair, none = 5, len, "abc", [1], (1,), None
tests = [lambda: n[0], lambda: none[0], lambda: f["x"], lambda: text["x"], lambda: items[none], lambda: pair["a"]]
tests += [lambda: {1: 2}[3], lambda: text[10], lambda: ()[0], lambda: b"a"[5], lambda: [][0], lambda: range(3)[7]]
for t in tests:
    try:
        t()
    except (TypeError, KeyError, IndexError) as e:
        print(type(e).__name__ + ":", e)
for target in (n, text, pair, none):
    try:
        target[0] = 1
    except TypeError as e:
        print(e)
    try:
        del target[0]
    except TypeError as e:
        print(e)
