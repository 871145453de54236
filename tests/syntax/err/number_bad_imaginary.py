# error: 2:6: SyntaxError: invalid imaginary literal
x = 1jx
