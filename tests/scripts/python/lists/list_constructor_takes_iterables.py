print(list(), list("abc"), list((1, 2)), list({"k": 1}), list(range(3)), list(x for x in "ab"), list(map(str, [1])), list(b"a"))
a = [1, [2]]
b = list(a)
b[1].append(3)
b.append(4)
print(a, b, a is b)
