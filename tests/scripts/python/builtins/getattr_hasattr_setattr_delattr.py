class A:
    x = 1

a = A()
setattr(a, "y", 2)
print(getattr(a, "x"), getattr(a, "y"), getattr(a, "z", "default"), hasattr(a, "y"), hasattr(a, "z"), getattr("abc", "upper")())
delattr(a, "y")
print(hasattr(a, "y"), a.__dict__)
try:
    getattr(a, "missing")
except AttributeError as e:
    print(e)
try:
    getattr(a, 5)
except TypeError as e:
    print(e)

class Broken:
    @property
    def p(self):
        raise ValueError("from property")

try:
    hasattr(Broken(), "p")
except ValueError as e:
    print(e)
