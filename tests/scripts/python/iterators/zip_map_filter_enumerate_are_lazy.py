def noisy(x):
    print("saw", x)
    return x

m = map(noisy, [1, 2, 3])
print("made")
print(next(m), next(m))
z = zip(m, "ab")
print(list(z))
f = filter(None, [0, 1, "", "x", None, []])
print(list(f), list(f), list(enumerate("ab", start=5)), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])))
it = iter([1, 2, 3, 4])
print(list(zip(it, it)), list(zip()), list(zip([1])), dict(zip("ab", [1, 2])))
