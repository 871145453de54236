# What `with` calls is looked up on the class, whatever it was the last time.
class Base:
    def __enter__(self):
        return "base enter"

    def __exit__(self, *error):
        print("base exit", error[0])


class Derived(Base):
    pass


def use(manager):
    with manager as value:
        print(value)


one = Derived()
for _ in range(2):
    use(one)
Derived.__enter__ = lambda self: "derived enter"
use(one)
Base.__exit__ = lambda self, *error: print("another exit")
use(one)
del Derived.__enter__
use(one)
one.__enter__ = lambda: "not looked at"
use(one)


class Static:
    @staticmethod
    def __enter__():
        return "static"

    def __exit__(self, *error):
        return True


for _ in range(2):
    try:
        with Static() as value:
            print(value)
            raise ValueError
    except TypeError as e:
        print(e)

del Base.__exit__
for thing in (one, one, 5, Base):
    try:
        use(thing)
    except TypeError as e:
        print(e)
Base.__exit__ = lambda self, *error: True
use(one)


def change():
    with one:
        Base.__exit__ = lambda self, *error: print("too late for this block")


change()
use(one)


class OfClass:
    @classmethod
    def __enter__(cls):
        return cls.__name__

    @classmethod
    def __exit__(cls, *error):
        print("exit of", cls.__name__, error[0])


class Callable:
    def __call__(self, *args):
        print("called with", len(args))


class OfCallables:
    __enter__ = Callable()
    __exit__ = Callable()


for _ in range(2):
    use(OfClass())
    use(OfCallables())
