# error: 2:5: SyntaxError: invalid syntax
def if():
    pass
