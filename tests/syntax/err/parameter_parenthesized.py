# error: 2:7: SyntaxError: Function parameters cannot be parenthesized
def f((a, b)):
    pass
