# error: 6:1: SyntaxError: invalid syntax
if a:
    pass
else:
    pass
elif b:
    pass
