# error: 2:8: SyntaxError: unexpected EOF while parsing
x = 1 \