# error: 2:1: SyntaxError: cannot assign to __debug__
__debug__ = 1
