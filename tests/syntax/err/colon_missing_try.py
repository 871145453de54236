# error: 2:4: SyntaxError: expected ':'
try
    pass
finally:
    pass
