# error: 2:11: SyntaxError: / must be ahead of *
def f(*a, /):
    pass
