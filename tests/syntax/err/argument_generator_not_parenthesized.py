# error: 2:3: SyntaxError: Generator expression must be parenthesized
f(a for a in b, 1)
