# error: 2:7: SyntaxError: cannot assign to __debug__
def f(__debug__):
    pass
