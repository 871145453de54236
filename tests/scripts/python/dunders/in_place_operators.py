class Bag:
    def __init__(self, items):
        self.items = items

    def __iadd__(self, other):
        self.items.extend(other)
        return self

    def __add__(self, other):
        return Bag(self.items + list(other))

    def __mul__(self, n):
        return Bag(self.items * n)

    def __isub__(self, other):
        return "replaced"

a = b = Bag([1])
a += [2]
print(a is b, b.items)
a = a + [3]
print(a is b, a.items, b.items)
a *= 2
print(a.items)
a -= 0
print(a)
