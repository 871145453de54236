# error: 2:12: SyntaxError: expected ':'
with x as y
    pass
