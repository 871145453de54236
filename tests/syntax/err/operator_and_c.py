# error: 2:4: SyntaxError: invalid syntax
a && b
