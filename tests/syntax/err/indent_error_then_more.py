# error: 4:1: IndentationError: unexpected indent
# error: 5:5: SyntaxError: invalid syntax
x = 1
  y = 2
z = 3 4
