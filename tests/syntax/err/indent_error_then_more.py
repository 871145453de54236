# error: 4:3: IndentationError: unexpected indent
# error: 5:7: SyntaxError: invalid syntax
x = 1
  y = 2
z = 3 4
