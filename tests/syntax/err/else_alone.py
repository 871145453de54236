# error: 2:1: SyntaxError: invalid syntax
else:
    pass
