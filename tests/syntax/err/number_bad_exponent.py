# error: 2:5: SyntaxError: invalid decimal literal
x = 1e
