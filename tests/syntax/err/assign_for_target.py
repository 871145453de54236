# error: 2:5: SyntaxError: cannot assign to function call
for f() in x:
    pass
