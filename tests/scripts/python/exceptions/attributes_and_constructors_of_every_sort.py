# Making exceptions: builtin and own classes, with and without __init__, keywords, __new__; attributes that scripts set.
class Plain(Exception):
    pass


class WithInit(ValueError):
    kind = "class value"

    def __init__(self, code, text="none", *, detail=None):
        super().__init__(code, text)
        self.code = code
        self.detail = detail


class NoSuperCall(Exception):
    def __init__(self, a, b):
        self.both = a + b


class WithNew(Exception):
    def __new__(cls, *args):
        made = super().__new__(cls, "from new")
        made.extra = args
        return made


class WithProperty(Exception):
    @property
    def name(self):
        return "property"

    @name.setter
    def name(self, value):
        self.stored = value


class Hooked(Exception):
    def __setattr__(self, key, value):
        super().__setattr__(key, value * 2)

    def __getattr__(self, key):
        return "missing " + key


class Disk(OSError):
    def __init__(self, *args):
        super().__init__(*args)
        self.mine = True


def attempt(make):
    try:
        raise make()
    except BaseException as e:
        return type(e).__name__, e.args, str(e), repr(e)


for round in range(3):
    print(attempt(lambda: Plain), attempt(lambda: Plain(1)), attempt(lambda: ValueError("x", 2)), attempt(KeyError))
    print(attempt(lambda: WithInit(3)), attempt(lambda: WithInit(code=4, detail="d")))
    print(attempt(lambda: NoSuperCall(1, 2)), attempt(lambda: WithNew(1)), attempt(lambda: Disk(2, "gone", "f")))
    print(attempt(lambda: WithInit()), attempt(lambda: NoSuperCall(1)))
    print(attempt(lambda: Plain(key=1)), attempt(lambda: ValueError(key=1)), attempt(lambda: 5))
    e = WithInit(5, detail=[round])
    print(e.code, e.detail, e.kind, e.args, vars(e))
    e.kind = "own value"
    e.code += 1
    e.args = [7]
    print(e.kind, e.code, e.args, WithInit.kind)
    del e.kind
    print(e.kind, hasattr(e, "nothing"))
    p = WithProperty()
    p.name = "set"
    print(p.name, p.stored)
    h = Hooked("h")
    h.value = 4
    print(h.value, h.other, Disk(2, "x").errno, Disk(1, "y", "z").filename, WithNew(9).extra)

# The class changes after its attributes have been looked up.
def code_of(error):
    return error.code


errors = [WithInit(1), WithInit(2)]
print([code_of(error) for error in errors])
WithInit.code = property(lambda self: "now a property")
print([code_of(error) for error in errors])
del WithInit.code
print([code_of(error) for error in errors])
Plain.__init__ = lambda self, x: setattr(self, "x", x)
print(Plain(3).x, Plain(4).args)


# Attributes of functions.
def counted():
    counted.calls += 1
    return counted.calls


counted.calls = 0
print([counted() for _ in range(3)], counted.calls, vars(counted))
del counted.calls
try:
    counted()
except AttributeError as e:
    print(e)
counted.__name__ = "renamed"
print(counted.__name__)
