# error: 2:7: SyntaxError: invalid decimal literal
x = 10_
