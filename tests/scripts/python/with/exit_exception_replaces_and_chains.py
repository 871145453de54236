class Bad:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        raise KeyError("from exit")

try:
    with Bad():
        raise ValueError("from body")
except KeyError as e:
    print(e, repr(e.__context__))
try:
    with Bad():
        pass
except KeyError as e:
    print(e, e.__context__)

def f():
    with Bad():
        return "lost"

try:
    f()
except KeyError:
    print("return was dropped")
