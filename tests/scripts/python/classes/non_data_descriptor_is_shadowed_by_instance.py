class Lazy:
    def __init__(self, f):
        self.f = f

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        print("computing")
        value = self.f(obj)
        obj.__dict__[self.f.__name__] = value
        return value

class Page:
    @Lazy
    def body(self):
        return "text"

p = Page()
print(p.body, p.body, p.__dict__)
