for v in (1, -1.5, "it's", b"b\x00", None, True, [1, [2]], (1,), (), {"a": (1, 2)}, range(1, 5, 2), 10 ** 25, 1e-7, {1}, "\t\\"):
    print(repr(v), str(v) == repr(v))
