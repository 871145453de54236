# error: 4:5: SyntaxError: expected ':'
if x:
    pass
else
    pass
