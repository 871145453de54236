print(min(3, 1, 2), max([3, 1, 2]), min("hello"), max("a", "b", key=lambda c: -ord(c)), max([], default="none"), min((), default=None, key=len))
print(max(["aa", "b", "cc"], key=len), min(["bb", "a", "c"], key=len), max({"x": 1, "y": 5}), max({"x": 9, "y": 5}.items(), key=lambda kv: kv[1]))
print(max(1, 1.0), min(1.0, 1), max(True, 1), min([[2, 1], [1, 9]]))
for bad in (lambda: max(1), lambda: min(1, "a"), lambda: max(1, 2, default=3)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(e)
