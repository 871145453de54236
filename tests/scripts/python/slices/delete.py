for s in (slice(2, 5), slice(None, None, 2), slice(None, None, -3), slice(8, 2, -2), slice(5, 2), slice(-2, None)):
    a = list(range(10))
    del a[s]
    print(s, a)
