print(list(map(str, [1, 2])), list(map(pow, [2, 3], [3, 2])), list(map(len, ["a", "bb"])), list(filter(str.isalpha, "a1b2")), list(filter(None, [0, 1, 2])))
print(list(map(lambda x, y, z: x + y + z, "ab", "cd", "efg")), list(map(int, "123")), sum(map(float, ["1.5", "2"])), dict(map(lambda k: (k, len(k)), ["x", "yy"])))
for bad in (lambda: map(str), lambda: filter(None), lambda: list(map(5, [1])), lambda: list(map(str, 5))):
    try:
        bad()
    except TypeError as e:
        print(e)
