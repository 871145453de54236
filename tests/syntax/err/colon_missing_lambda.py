# error: 2:14: SyntaxError: invalid syntax
f = lambda x x
