# error: 2:7: SyntaxError: unexpected EOF while parsing
x = 1 \