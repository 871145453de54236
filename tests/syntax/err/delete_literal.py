# error: 2:5: SyntaxError: cannot delete literal
del 1
