a = [3, 1, 2]
print(a.append(9), a, a.extend("xy"), a, a.insert(0, "first"), a, a.insert(100, "last"), a, a.insert(-1, "near"), a)
a.remove("x")
print(a, a.pop(), a.pop(0), a.pop(-2), a, a.index(9), a.count(1), a.reverse(), a)
b = a.copy()
b.clear()
print(a, b, a.index(2, 1), [1, 2, 1].index(1, 1))
