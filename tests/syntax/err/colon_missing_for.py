# error: 2:11: SyntaxError: expected ':'
for i in x
    pass
