class A:
    def __init__(self):
        self.__secret = "a"

    def read(self):
        return self.__secret

class B(A):
    def __init__(self):
        super().__init__()
        self.__secret = "b"

    def both(self):
        return self.read(), self.__secret

b = B()
print(b.both(), sorted(vars(b)), b._A__secret, hasattr(b, "__secret"))
