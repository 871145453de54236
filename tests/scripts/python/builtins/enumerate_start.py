print(list(enumerate("ab")), list(enumerate(["x"], 10)), list(enumerate([], 1)), list(enumerate("ab", start=-1)), dict(enumerate("xy")))
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    print(i, a + b)
