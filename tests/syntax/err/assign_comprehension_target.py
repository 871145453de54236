# error: 2:8: SyntaxError: cannot assign to literal
[a for 1 in b]
