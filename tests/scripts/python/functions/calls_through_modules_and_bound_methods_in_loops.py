# Each call comes several times from one place: what the place remembers must not outlive what it was about.
import math
import sys


class Counter:
    scale = 10

    def __init__(self):
        self.total = 0

    def add(self, amount, times=1, *, factor=1):
        self.total += amount * times * factor
        return self.total

    @staticmethod
    def double(value):
        return value * 2

    @classmethod
    def scaled(cls, value, extra=0):
        return value * cls.scale + extra


def called(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


# Natives of a module: with as many arguments as they take, fewer, and too many.
for i in range(4):
    print(math.sqrt(i * i), math.gcd(12, i), math.isclose(1.0, 1.0 + i * 1e-12), math.isclose(1.0, 1.1, rel_tol=0.2))
for i in range(3):
    try:
        math.sqrt(i, i)
    except TypeError as e:
        print("too many", len(str(e)) > 0)
    try:
        math.sqrt("x")
    except TypeError as e:
        print("wrong", len(str(e)) > 0)

# A module's function that is replaced, removed and put back while its caller remembers it.
original = math.floor
for i in range(6):
    if i == 2:
        math.floor = lambda x: ("replaced", x)
    if i == 3:
        del math.floor
    if i == 4:
        math.floor = original
    try:
        print(i, math.floor(2.5))
    except AttributeError as e:
        print(i, e)

# A function of the script as an attribute of a module, with defaults and keywords.
math.shift = lambda a, b=1, *, c=0: (a, b, c)
for i in range(3):
    print(math.shift(i), math.shift(i, i), math.shift(i, c=i))
    print(called(math.shift), called(math.shift, 1, 2, 3))
del math.shift

# Static and class methods through the class and an instance, and through one place.
for thing in (Counter, Counter(), Counter, Counter()):
    print(thing.double(4), thing.scaled(2), thing.scaled(2, 5), thing.scaled(2, extra=6))

# Bound methods: of the script and of builtin types, with defaults, keyword-only arguments, and the wrong number of arguments.
counter = Counter()
add = counter.add
for i in range(4):
    print(add(i), add(i, 2), add(i, factor=3), called(add), called(add, 1, 2, 3))
items, text = [], "a,b,c"
append, split, get = items.append, text.split, {"k": 1}.get
for i in range(4):
    append(i)
    print(split(","), split(",", 1), split(",", maxsplit=i), get("k"), get("x"), get("x", i))
print(items, called(append), called(append, 1, 2), items)

# A bound method that recurses, one that raises, and one that yields.
class Tree:
    def __init__(self, depth):
        self.depth = depth
        self.children = [Tree(depth - 1) for _ in range(2)] if depth else []

    def count(self):
        total = 1
        for child in self.children:
            go = child.count
            total += go()
        return total

    def walk(self):
        yield self.depth
        for child in self.children:
            walk = child.walk
            yield from walk()

    def fail(self):
        raise ValueError(self.depth)


tree = Tree(4)
count, walk, fail = tree.count, tree.walk, tree.fail
print(count(), sum(walk()), called(fail), called(fail))

# The same place sees a module, a class, an instance, a builtin type and a module again.
class Holder:
    @staticmethod
    def floor(value):
        return "class", value


class Instance:
    def floor(self, value):
        return "instance", value


for holder in (math, Holder, Instance(), math, Holder, Instance(), math):
    print(holder.floor(1.5))

# Context managers with a native __enter__, one that fails, and one of the script.
class Managed:
    def __enter__(self):
        return "entered"

    def __exit__(self, kind, value, traceback):
        print("left", kind)
        return True


for i in range(3):
    with Managed() as value:
        print(value)
        if i == 1:
            raise KeyError(i)
print(sys.stdout is sys.stdout)
