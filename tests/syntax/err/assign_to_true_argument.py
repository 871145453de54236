# error: 2:3: SyntaxError: cannot assign to True
f(True=1)
