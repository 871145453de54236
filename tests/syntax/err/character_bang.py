# error: 2:5: SyntaxError: invalid syntax
x = !a
