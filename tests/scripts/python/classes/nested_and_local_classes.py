class Outer:
    class Inner:
        def hi(self):
            return "inner hi"

    def make(self):
        return self.Inner()

def factory(base, n):
    class Made(base):
        number = n
        def get(self):
            return n, self.number
    return Made

print(Outer().make().hi(), Outer.Inner.__qualname__, factory(Outer, 5)().get(), factory(object, 1) is factory(object, 1), factory(Outer, 1)().make().hi())
