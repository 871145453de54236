class ToDict:
    def to_dict(self):
        return dict(self.__dict__)

class Describe:
    def describe(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.to_dict().items())})"

class User(ToDict, Describe):
    def __init__(self, name, age):
        self.name, self.age = name, age

print(User("Ann", 30).describe(), User.__mro__[1].__name__, User("B", 1).to_dict())
