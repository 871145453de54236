B = 2 ** 63
for i in range(B - 2, B + 2):
    print(i)
for i in range(-B + 1, -B - 3, -2):
    print(i)


def show(r):
    print(repr(r), bool(r), r.start, r.stop, r.step)
    try:
        print(len(r))
    except OverflowError as e:
        print("OverflowError:", e)


show(range(B))
show(range(B + 5, B))
show(range(0, 5, B))
show(range(2 ** 64, 2 ** 70, 2 ** 66))
show(range(10 ** 30, 10 ** 30 + 1))
show(range(0, -(10 ** 30), -7))
show(range(-B, B - 1))
show(range(-(10 ** 30), 0, -1))
show(range(10 ** 40, 10 ** 20, -(10 ** 39)))

big = range(10 ** 30)
print(big[0], big[-1], big[10 ** 29], big[-(10 ** 30)], big[True])
for key in (10 ** 30, -(10 ** 30) - 1, 1.5, "a"):
    try:
        print(big[key])
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
print(big[5:], big[:5], big[::-1], big[10 ** 25::10 ** 28], big[-3:], big[::2][::3][7])
print(range(-B, B - 1)[-1], range(-B, B - 1)[2 ** 63], range(-B, B - 1)[::2 ** 40])
print(range(0, 2 ** 62, 2 ** 61)[::8], range(0, B - 1)[::-1])
try:
    big[::0]
except ValueError as e:
    print(e)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


print(range(Index(10 ** 20))[Index(10 ** 19)], big[Index(3):Index(10 ** 20)])
print(5 in big, -1 in big, 10 ** 30 in big, 10 ** 30 - 1 in big, 7.0 in big, True in big)
print(10 ** 20 in range(0, 10 ** 30, 3), 10 ** 20 - 1 in range(0, 10 ** 30, 3))
print(2 ** 64 in range(10), range(10).count(2 ** 64), big.count(2 ** 64), big.count(-2))
print(big.index(10 ** 29), range(10).index(5.0), big.index(6.0))
for r, v in ((big, -1), (range(10), 2 ** 70), (range(5), 5.5), (range(3), "x")):
    try:
        print(r.index(v))
    except ValueError as e:
        print("ValueError:", e)
same = [
    (range(10 ** 30), range(0, 10 ** 30)),
    (range(0, 10 ** 30, 10 ** 30), range(1)),
    (range(5, 5 + 10 ** 30, 10 ** 30), range(5, 6)),
    (range(10 ** 30, 0), range(0)),
    (range(-B, B - 1), range(-B, B - 1, 1)),
    (range(-B, B, 2), range(-B, B - 1, 2)),
    (range(10 ** 30), range(10 ** 30 + 1)),
    (range(10 ** 30), range(1, 10 ** 30)),
]
for a, b in same:
    print(a == b, a != b, hash(a) == hash(b))
print(range(10 ** 30) == "x", len({range(10 ** 30), range(0, 10 ** 30, 1), range(3)}))
it = iter(range(10 ** 30))
print(next(it), next(it), type(it).__name__, it.__length_hint__())
it = reversed(range(10 ** 30, 10 ** 30 + 10, 4))
print(list(it), list(it), next(it, "end"))
print(list(zip(range(10 ** 20, 10 ** 21), "abc")), sum(range(10 ** 20, 10 ** 20 + 5)))
print(sorted(range(B, B + 3), reverse=True), max(range(B, B + 3)), tuple(range(B - 1, B + 1)))
a, *rest = range(B, B + 4)
print(a, rest)
print([*range(B, B + 2)], {B + 1} & set(range(B, B + 3)))
match range(B, B + 2):
    case [x, y]:
        print("matched", x, y)
print(isinstance(big, range), type(big) is range, range(Index(2 ** 65)).stop)
for args in ((2 ** 70, 2 ** 71, 0), (1.0,), (2 ** 70, "x"), ()):
    try:
        print(range(*args))
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
try:
    list(range(10 ** 30))
except (OverflowError, MemoryError):
    print("too many")
