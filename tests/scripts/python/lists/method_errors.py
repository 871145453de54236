tests = [
    lambda: [].pop(),
    lambda: [1].pop(5),
    lambda: [1].remove(2),
    lambda: [1].index(2),
    lambda: [1][1],
    lambda: list("a")["0"],
    lambda: [1] + (2,),
    lambda: [1].extend(5),
    lambda: [1].append(),
    lambda: [1] * 1.5,
    lambda: list(5),
]
for t in tests:
    try:
        t()
    except (IndexError, ValueError, TypeError) as e:
        print(type(e).__name__ + ":", e)
