class P:
    __slots__ = ("x", "y")

    def __init__(self, x):
        self.x = x

p = P(1)
p.y = 2
print(p.x, p.y, hasattr(p, "__dict__"))
try:
    p.z = 3
except AttributeError:
    print("no z")
