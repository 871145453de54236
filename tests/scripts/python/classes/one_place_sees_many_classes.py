# Attribute sites that see several classes: in runs, in turns, more than are remembered; and classes that change meanwhile.
class A:
    kind = "a"

    def __init__(self, value):
        self.value = value

    def name(self):
        return "A" + str(self.value)

    @property
    def twice(self):
        return self.value * 2


class B:
    kind = "b"

    def __init__(self, value):
        self.other = None
        self.value = value

    def name(self):
        return "B" + str(self.value)

    @property
    def twice(self):
        return -self.value


def make(count):
    classes = []
    for n in range(count):

        class C:
            kind = n

            def __init__(self, value):
                for i in range(n):
                    setattr(self, f"x{i}", i)
                self.value = value

            def name(self, n=n):
                return f"C{n}/{self.value}"

            @property
            def twice(self):
                return (n, self.value)

        classes.append(C)
    return classes


def look(objects):
    out = []
    for o in objects:
        out.append((o.value, o.kind, o.name(), o.twice))
        o.value = o.value + 1
    return out


def total(objects):
    n = 0
    for o in objects:
        n += o.value
    return n


runs = [A(i) for i in range(40)] + [B(i) for i in range(40)] + [A(i) for i in range(3)]
turns = [A(i) if i % 2 else B(i) for i in range(40)]
many = [c(i) for i in range(5) for c in make(9)]
for objects in (runs, turns, many, runs):
    print(look(objects)[::7])
    print(total(objects))

A.name = lambda self: "changed"
del B.twice
B.twice = 5
for o in turns[:4]:
    print(o.name(), o.twice)
for o in runs[:20]:
    o.kind = "own"
print([o.kind for o in runs[::10]])
for o in runs[:20:2]:
    del o.kind
print([o.kind for o in runs[::5]])
runs[3].name = lambda: "instance"
print([o.name() for o in runs[:6]])
mixed = [A(1), "abc", [1], {1: 2}, A(2), (1, 1), B(3)]
for o in mixed * 12:
    if isinstance(o, (list, tuple, str)):
        last = o.count(1) if not isinstance(o, str) else o.count("a")
    elif isinstance(o, dict):
        last = o.get(1)
    else:
        last = o.value
print(last)
for o in mixed * 3:
    try:
        o.missing
    except AttributeError as e:
        print(e)
