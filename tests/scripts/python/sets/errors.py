tests = [
    lambda: {1}.remove(2),
    lambda: set().pop(),
    lambda: {[]},
    lambda: {1} | [2],
    lambda: {1} + {2},
    lambda: set("a")[0],
    lambda: set(5),
    lambda: {1} < 5,
]
for t in tests:
    try:
        t()
    except (KeyError, TypeError) as e:
        print(type(e).__name__ + ":", e)
