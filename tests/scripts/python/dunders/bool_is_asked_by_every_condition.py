class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        print("bool", self.value)
        return self.value

t, f = Truth(True), Truth(False)
print("if" if t else "else", not f, (t and 1), (f or 2), any([f, t, t]), all([t, f, t]))
print([x for x in (1, 2) if t], list(filter(lambda x: f, [1])), len(list(filter(None, [t, f]))))
while t:
    t = f
assert Truth(True)
