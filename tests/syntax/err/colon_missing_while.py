# error: 2:8: SyntaxError: expected ':'
while x
    pass
