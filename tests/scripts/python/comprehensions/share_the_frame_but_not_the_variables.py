# Comprehensions share the frame of the code around them, but not its variables.
x = "outer"
print([x for x in range(3)], x, {x for x in "aa"}, {x: x for x in "b"}, x)
print([[y for y in range(x)] for x in range(3)], [x for x in [x for x in "ab"]], x)


def shadow(x, items):
    inner = [x for x in items]
    doubled = [x * 2 for x in items if x for x in (x, x)]
    return x, inner, doubled, [x for _ in items]


print(shadow("param", [1, 2]))


def unbound():
    result = [item for item in range(2)]
    try:
        return item
    except NameError as e:
        return result, str(e)


print(unbound())


def twice(flag):
    for _ in range(2):
        try:
            if flag:
                [v for w in [1] for v in [w]]
            print([v for w in [[1]] for v in v])
        except UnboundLocalError as e:
            print(type(e).__name__)
        try:
            [1 // v for v in (1, 0)]
        except ZeroDivisionError as e:
            print(e)


twice(True)
twice(False)


# Walrus targets belong to the code around.
def walrus(items):
    evens = [last := n for n in items if (m := n % 2) == 0]
    nested = [[deep := a + b for a in items] for b in items]
    return evens, last, m, nested[-1][-1], deep


print(walrus([1, 2, 3, 4, 5]))
print([g := n for n in "pq"], g)


# Cells: variables captured from around, and the comprehension's own captured by functions in it.
def cells(a):
    n = 10
    adders = [lambda v: v + n + a for _ in range(2)]
    own = [lambda: i for i in range(3)]
    own_default = [lambda i=i: i for i in range(3)]
    gens = [sum(i * j for j in range(3)) for i in range(3)]
    n = 20
    return [f(1) for f in adders], [f() for f in own], [f() for f in own_default], gens


print(cells(5))


def nested_capture():
    fs = [[lambda: (i, j) for j in range(2)] for i in range(2)]
    return [[f() for f in row] for row in fs], [f() for f in [lambda: k for k in "ab"]]


print(nested_capture())


def closures():
    counter = 0

    def up():
        nonlocal counter
        counter += 1
        return counter

    return [up() for _ in range(3)], counter, {up(): counter for _ in range(2)}


print(closures())


# Class bodies: only the first iterable sees the class's names.
y = "global y"


class C:
    y = "class y"
    items = [1, 2]
    first = [i for i in items]
    second = [y for _ in items]
    third = [(lambda: y)() for _ in items]
    nested = [[i + j for j in range(2)] for i in items]

    def method(self):
        return [self.__private() for _ in self.items] + [__class__.__name__ for _ in "a"]

    def __private(self):
        return "private"


print(C.first, C.second, C.third, C.nested, C().method(), hasattr(C, "i"))


# Generators, finally (compiled twice), conditional expressions, arguments in the middle of an expression.
def gen(items):
    yield [v + 1 for v in items]
    got = [v for v in (yield "waiting")]
    yield from [v * 2 for v in got]
    return {v: k for k, v in enumerate(got)}


g = gen([1, 2])
print(next(g), next(g), g.send([5, 6]), next(g))
try:
    next(g)
except StopIteration as stop:
    print(stop.value)


def finally_twice(flag):
    try:
        if flag:
            return "early"
    finally:
        print([v for v in range(2)], [v for v in "ab"])
    return "late"


print(finally_twice(True), finally_twice(False))
print(max([a * b for a, b in [(1, 2), (3, 4)]], [9]), [*[a for a in "ab"], *{b for b in "c"}], f"{[a for a in 'z']}")
print([a for a in "abc" if a != "b"] if [a for a in ""] or True else 0)
print([(a, b, c) for a in range(2) for b in range(a + 1) if a or b or True for c in [a + b]])
print([i for i, *rest in [(1, 2, 3)]], [rest for i, *rest in [(1, 2, 3)]])
box = [0, 0]
print([box[1] for box[1] in (3, 4)], box)


def globals_in_function():
    global made
    made = [made for made in (1, 2)]
    return made, [z for z in [made]]


print(globals_in_function(), made)


def deep_nesting(n):
    return [[[[[a + b + c + d + e for a in range(n)] for b in range(n)] for c in range(n)] for d in range(1)] for e in [n]]


print(deep_nesting(2))


def deletes():
    v = 1
    del v
    r = [v for v in "ok"]
    try:
        v
    except UnboundLocalError:
        return r


print(deletes())


def in_lambda():
    return (lambda items: [i * k for i in items for k in items])([1, 2])


print(in_lambda(), (lambda: [q for q in "lam"])())


def recursion(n):
    return [recursion(n - 1) for _ in range(n)]


print(recursion(3))


def match_inside(v):
    match v:
        case [a, b] if [a for a in (b,)] == [b]:
            return [a, [b for b in (a, b)]]


print(match_inside([1, 2]))
