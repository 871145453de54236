# error: 2:11: SyntaxError: cannot assign to function call
with x as f():
    pass
