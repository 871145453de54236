# error: 3:1: SyntaxError: invalid syntax
@a
x = 1
