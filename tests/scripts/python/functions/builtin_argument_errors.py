calls = [
    lambda: len(),
    lambda: len(1),
    lambda: len([], []),
    lambda: abs("x"),
    lambda: ord("ab"),
    lambda: chr(-1),
    lambda: sum(1),
    lambda: sum(["a"]),
    lambda: max(),
    lambda: min([1, "a"]),
    lambda: iter(5),
    lambda: next([]),
    lambda: int("1", "2"),
    lambda: isinstance(1, "int"),
    lambda: hash([]),
    lambda: round("x"),
    lambda: reversed({1}),
]
for call in calls:
    try:
        call()
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)
