t = (1, "a", [2])
print(t, len(t), t[0], t[-1], t[1:], t + (3,), t * 2, (), (1,), tuple("ab"), tuple([1]), t.count(1), t.index("a"))
t[2].append(3)
print(t, 1 in t, (1, 2) < (1, 3), (1,) == (1.0,), (1, 2, 3)[::-1], tuple(x * x for x in range(3)))
a = 1, 2
b = 3,
print(a, b, type(()), (5), ("x" "y",))
