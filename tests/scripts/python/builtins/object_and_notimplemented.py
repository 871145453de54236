print(type(object()).__name__, isinstance(5, object), NotImplemented, (5).__eq__("x"), (5).__lt__(6), [1].__len__(), "a".__add__("b"), int.__add__(1, 2), object() == object())
