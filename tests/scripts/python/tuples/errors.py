t = (1, 2)
tests = [lambda: t[5], lambda: t + [1], lambda: t.index(9), lambda: t["x"], lambda: hash(([],)), lambda: t.append(1)]
for f in tests:
    try:
        f()
    except (IndexError, TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__ + ":", e)
try:
    t[0] = 5
except TypeError as e:
    print(e)
