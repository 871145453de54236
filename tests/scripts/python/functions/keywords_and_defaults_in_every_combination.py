# Binding: positional, by name in any order, defaults, keyword-only, what is left over. Results and errors.
def plain(a, b=2, *, c=3, d):
    return a, b, c, d


def positional_only(a, b=2, /, c=3):
    return a, b, c


def starred(a, *args, k=0, **kwargs):
    return a, args, k, kwargs


def generator(n, step=1):
    yield n
    yield n + step


class Point:
    def __init__(self, x, y=0, *, label=None):
        self.x, self.y, self.label = x, y, label

    def moved(self, dx=0, dy=0):
        return Point(self.x + dx, y=self.y + dy, label=self.label)

    def __repr__(self):
        return f"Point({self.x}, {self.y}, {self.label})"


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as e:
        print(e)


for round in range(3):
    print(plain(1, d=4), plain(d=1, c=2, b=3, a=4), plain(1, 5, d=6), plain(b=0, a=1, d=2))
    print(positional_only(1), positional_only(1, c=5), positional_only(1, 4, 5))
    print(starred(1), starred(1, 2, 3, k=4, z=5), starred(a=1, b=2), starred(*[1, 2], **{"k": 3, "y": 4}))
    print(list(generator(1)), list(generator(step=5, n=2)))
    print(Point(1), Point(y=2, x=1), Point(1, label="p").moved(dy=5).moved(3))
    bound = Point(1, 1).moved
    print(bound(dy=1), bound(1, dy=1))

attempt(plain)
attempt(plain, 1)
attempt(plain, 1, 2, 3, d=4)
attempt(plain, 1, a=2, d=3)
attempt(plain, 1, d=3, e=4)
attempt(plain, b=1, d=3)
attempt(positional_only, 1, b=2)
attempt(positional_only, c=1)
attempt(starred)
attempt(starred, 1, a=2)
attempt(Point, 1, z=2)
attempt(Point, 1, x=2)
attempt(Point(1).moved, 1, dx=2)

# More names than fit the fast ways, and names that are computed.
names = {f"{'n'}{i}": i for i in range(20)}
print(starred(0, **names)[3] == names)


def many(a, b, c, d, e, f, g, h, i, j=10):
    return a, b, c, d, e, f, g, h, i, j


print(many(i=9, h=8, g=7, f=6, e=5, d=4, c=3, b=2, a=1), many(1, 2, j=0, c=3, d=4, e=5, f=6, g=7, h=8, i=9))
print(plain(**{"".join(["a"]): 1, "d": 2}))
try:
    starred(**{1: 2})
except TypeError as e:
    print(e)

# Natives.
print(sorted([3, 1, 2], reverse=True), sorted("bca", key=lambda c: -ord(c)), max(3, 9, 5), min("b", "a", key=ord))
print(max([], default=7), int("ff", base=16), "a-b-c".split("-", maxsplit=1), sum([1], start=5))
print(dict(a=1, **{"b": 2}), dict([("c", 3)], d=4), "{x}{y}".format(x=1, y=2))
print(1, 2, sep="", end="!\n")
attempt(len)
attempt(len, 1, 2)
