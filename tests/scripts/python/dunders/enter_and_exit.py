class Resource:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, value)
        return self.swallow

with Resource("a") as a, Resource("b") as b:
    print("body", a, b)
with Resource("quiet", True):
    raise ValueError("swallowed")
try:
    with Resource("loud"):
        raise KeyError("escapes")
except KeyError as e:
    print("caught", e)
