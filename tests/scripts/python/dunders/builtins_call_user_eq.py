class Key:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        print("eq", self.n, getattr(other, "n", other))
        return self.n == getattr(other, "n", other)

    def __repr__(self):
        return f"K{self.n}"

items = [Key(1), Key(2), Key(3), Key(2)]
print(Key(2) in items, items.index(Key(2)), items.count(Key(2)), (Key(1), 5).index(5))
items.remove(Key(3))
print(items, [Key(1), 2] == [Key(1), 2], (Key(1),) != (Key(2),), {"a": Key(1)} == {"a": Key(1)})
