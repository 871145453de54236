class Key:
    def __init__(self, name, n):
        self.name, self.n = name, n

    def __eq__(self, other):
        return isinstance(other, Key) and self.name == other.name

    def __hash__(self):
        return len(self.name)

d = {Key("aa", 1): "first"}
d[Key("bb", 2)] = "second"
d[Key("aa", 3)] = "third"
print(len(d), d[Key("aa", 0)], d[Key("bb", 0)], [k.n for k in d], Key("zz", 0) in d, Key("aa", 9) in [Key("aa", 1)])
print(len({Key("x", 1), Key("x", 2), Key("y", 1)}), d.pop(Key("bb", 1)), len(d))
