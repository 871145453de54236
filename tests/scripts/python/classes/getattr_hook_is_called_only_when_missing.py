class Lazy:
    real = "class attribute"

    def __init__(self):
        self.own = "instance attribute"

    def __getattr__(self, name):
        if name.startswith("no_"):
            raise AttributeError("refused " + name)
        return "made up " + name

o = Lazy()
print(o.own, o.real, o.other, getattr(o, "dyn"), hasattr(o, "no_x"), getattr(o, "no_y", "default"))
try:
    o.no_z
except AttributeError as e:
    print(e)
