# error: 2:4: SyntaxError: invalid syntax
x++
