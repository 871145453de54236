print(list(reversed([1, 2, 3])), "".join(reversed("abc")), list(reversed((1, 2))), list(reversed(range(4))), list(reversed({"a": 1, "b": 2})))
a = [1, 2, 3]
r = reversed(a)
print(next(r), a.append(4), list(r))
for bad in ({1}, 5, (x for x in [])):
    try:
        reversed(bad)
    except TypeError as e:
        print(e)
