# error: 2:7: SyntaxError: invalid syntax
hello world
