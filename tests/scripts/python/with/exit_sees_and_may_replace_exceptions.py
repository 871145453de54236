class Convert:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is KeyError:
            raise ValueError("converted") from value
        return kind is TypeError

with Convert():
    raise TypeError("swallowed")
try:
    with Convert():
        {}["q"]
except ValueError as e:
    print(e, repr(e.__cause__))
try:
    with Convert():
        1 / 0
except ZeroDivisionError as e:
    print(e, e.__context__)
