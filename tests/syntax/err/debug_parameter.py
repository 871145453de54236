# error: 2:1: SyntaxError: cannot assign to __debug__
def f(__debug__):
    pass
