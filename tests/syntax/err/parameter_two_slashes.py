# error: 2:16: SyntaxError: / may appear only once
def f(a, /, b, /):
    pass
