print(hash(1) == hash(1.0) == hash(True), hash(0) == hash(False), hash("a" + "b") == hash("ab"), hash((1, "x")) == hash((1.0, "x")), hash(2 ** 61 - 1), hash(-1), hash(2 ** 100) == hash(2.0 ** 100))
print(hash(5), hash(-7), hash(0.0), hash(None) == hash(None), hash(int) == hash(int))
for bad in ([], {}, set(), ([],)):
    try:
        hash(bad)
    except TypeError as e:
        print(e)
