tests = [
    lambda: 1 + "a", lambda: "a" + 1, lambda: [] + {}, lambda: None + 1, lambda: 1 - "a", lambda: {} * 2, lambda: "a" / 2,
    lambda: 1 // None, lambda: "a" ** 2, lambda: 1 & 1.5, lambda: 1 << "a", lambda: -"a", lambda: ~1.5, lambda: +[],
    lambda: 1 < "a", lambda: None >= 1, lambda: [] > (), lambda: 1 in 5, lambda: "a" in 5, lambda: 1 in "a", lambda: {} | [],
    lambda: 3 @ 4, lambda: len + 1, lambda: print < 1, lambda: divmod("a", 1), lambda: pow("a", 2), lambda: int + 1,
]
for t in tests:
    try:
        t()
    except TypeError as e:
        print(e)
