for (a, b), c in [((1, 2), 3), ("xy", 4)]:
    print(a, b, c)
for i, (k, v) in enumerate({"p": 1, "q": 2}.items()):
    print(i, k, v)
print(*[1, 2], *(3,), *{4: 0}, *(x for x in [5]), sep=",")
print(max(*[3, 9, 4]), dict(**{"a": 1}, **{"b": 2}), [*range(2), *"ab"])
