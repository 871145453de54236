# `for a, b in ...` takes the pairs of some iterators apart without making them; what is seen is the same.
class Pairs:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return [self.n, -self.n]


def generated():
    yield 1, 2
    yield "ab"
    yield {3: 0, 4: 0}


class Box:
    pass


def each(iterable):
    return [(a, b) for a, b in iterable]


d = {"x": 1, "y": 2}
print(each(zip([1, 2, 3], "ab")), each(enumerate("ab", 5)), each(d.items()))
print(each([(1, 2), [3, 4], "56", {7: 0, 8: 0}]), each(((1, 2), (3, 4))))
print(each(Pairs(2)), each(generated()), each(iter([("p", "q")])), each(reversed([(1, 2), (3, 4)])))
print(each(zip(generated(), range(9))), each(enumerate(zip("ab", "cd"))), each(reversed(d.items())))
print(each(enumerate([10], 2**63 - 1)), each(enumerate([10, 11], 2**63)), each({"ab", }), each(frozenset({"cd"})))
print([(i, a, b) for i, (a, b) in enumerate(zip("ab", "cd"))])

# The targets may be anything.
box, items = Box(), [0, 0]
for box.a, items[1] in zip([1, 2], [3, 4]):
    print(box.a, items)
for first, (second, *rest) in {"k": "vwx"}.items():
    print(first, second, rest)


def global_targets():
    global p, q
    for p, q in zip("a", "b"):
        pass
    captured = []
    for r, s in zip("cd", "ef"):
        captured.append(lambda: (r, s))
    return [f() for f in captured]


print(global_targets(), p, q)

# The same iterator twice, ends in the middle, else.
it = iter(range(5))
for a, b in zip(it, it):
    print(a, b)
else:
    print("end", next(it, None))
z = zip(it, [1])
print(list(z), list(z))

# Errors come from where they come from otherwise.
for bad in ([(1, 2, 3)], [(1,)], [5], [None], zip([1], [2], [3]), zip([1]), ["abc"]):
    try:
        for a, b in bad:
            print("no")
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for change in (lambda: d.update(z=3), lambda: d.clear()):
    try:
        for k, v in d.items():
            change()
    except RuntimeError as e:
        print(e)
s = {1, 2}
try:
    for i, e in enumerate(s):
        s.add(i + 10)
except RuntimeError as e:
    print(e)
for strict in (zip([1, 2], [3], strict=True), zip([1], [2, 3], strict=True)):
    try:
        for a, b in strict:
            print(a, b)
    except ValueError as e:
        print(e)
