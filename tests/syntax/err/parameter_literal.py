# error: 2:7: SyntaxError: invalid syntax
def f(1):
    pass
