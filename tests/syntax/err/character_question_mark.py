# error: 2:6: SyntaxError: invalid syntax
x = a?
