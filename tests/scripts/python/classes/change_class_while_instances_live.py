class A:
    def hi(self):
        return "old"

a = A()
hi = a.hi
print(a.hi())
A.hi = lambda self: "new"
print(a.hi(), hi())
a.hi = lambda: "instance"
print(a.hi())
del a.hi
del A.hi
try:
    a.hi()
except AttributeError as e:
    print(e)

class B:
    def hi(self):
        return "from B"

a.__class__ = B
print(a.hi(), type(a).__name__, isinstance(a, A))
for value in (1, "s"):
    A.kind = value
    print([x.kind for x in (A(), A())])
