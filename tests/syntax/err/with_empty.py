# error: 2:6: SyntaxError: invalid syntax
with :
    pass
