values = [1, 1.5, "s", b"b", None, True, [1], (1,), {1: 2}, {1}, frozenset(), range(1), len, lambda: 0, int, ValueError("x"), slice(1), ...]
for v in values:
    print(type(v).__name__, isinstance(v, (int, str, list)), callable(v))
print(type(type), type(int), type(print), type((x for x in [])), type(lambda: 0), type(NotImplemented))
