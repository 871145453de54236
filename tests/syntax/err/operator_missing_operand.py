# error: 2:8: SyntaxError: invalid syntax
x = 1 +
