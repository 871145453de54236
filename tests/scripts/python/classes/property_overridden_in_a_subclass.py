class A:
    @property
    def name(self):
        return "a"

    @property
    def size(self):
        return self._size

    @size.setter
    def size(self, v):
        self._size = v

class B(A):
    @property
    def name(self):
        return super().name + "b"

    @A.size.setter
    def size(self, v):
        self._size = v * 2

a, b = A(), B()
a.size = b.size = 5
print(a.name, b.name, a.size, b.size)
class C(A):
    name = "plain attribute"
print(C().name, isinstance(A.name, property))
