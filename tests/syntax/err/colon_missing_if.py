# error: 2:5: SyntaxError: expected ':'
if x
    pass
