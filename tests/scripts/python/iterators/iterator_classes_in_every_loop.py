# Loops call `__next__` of script classes: values, ends, errors, and functions that end a loop they do not know of.
class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration(self.n)
        self.n -= 1
        return self.n


class Wrapper:
    def __init__(self, inner):
        self.inner = iter(inner)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.inner)


class Optional(Count):
    def __next__(self, step=1):
        value = super().__next__()
        self.n -= step - 1
        return value


class Failing(Count):
    def __next__(self):
        value = super().__next__()
        try:
            return 6 // value
        finally:
            self.seen = value


def helper():
    raise StopIteration


print([x for x in Count(3)], sorted({x for x in Wrapper(Count(2))}), [x for x in Optional(3)], [a for a in Wrapper("ab")])
print([(a, b) for a, b in Wrapper([(1, 2), "xy"])], sum(x for x in Count(4)), list(Count(2)), max(Count(9)))
for x in Count(2):
    for y in Wrapper(Count(x + 1)):
        print(x, y)
    else:
        print("inner end")
else:
    print("outer end")
f = Failing(3)
try:
    for x in f:
        print(x)
except ZeroDivisionError as e:
    print(e, f.seen)

# StopIteration from the body is an ordinary exception there.
try:
    for x in Count(2):
        helper()
except StopIteration as e:
    print("from the body", e.args, type(e.__context__))
for x in Count(3):
    try:
        helper()
    except StopIteration:
        continue


def delegating():
    result = yield from Count(2)
    print("result", result)
    for x in Wrapper(Count(1)):
        yield x


print(list(delegating()))


class Nested:
    def __init__(self, depth):
        self.depth = depth

    def __iter__(self):
        return self

    def __next__(self):
        if self.depth == 0:
            raise StopIteration
        self.depth -= 1
        return [x for x in Nested(self.depth)]


print([x for x in Nested(3)])
deep = Count(2)
for _ in range(100):
    deep = Wrapper(deep)
print([x for x in deep])
a, b = Count(2)
print(a, b, *Count(2), [*Wrapper(Count(2))], sorted([("b", 1), ("a", 2), ("a", 1)], key=lambda p: p))
nan = float("nan")
print(sorted([(1, "b"), (1, "a"), (0, "z"), (1,), ()]), sorted([(1.5, 2), (1, 3), (True, 1)]), sorted([(2, [1]), (2, [0])]))
print(sorted([(nan, 1), (nan, 0)]), sorted([("é", 1), ("z", 0), ("e", 2)], reverse=True))
try:
    sorted([(1, "a"), (1, 2)])
except TypeError as e:
    print(e)
