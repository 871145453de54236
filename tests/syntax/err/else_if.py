# error: 4:6: SyntaxError: expected ':'
if a:
    pass
else if b:
    pass
