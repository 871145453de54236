# error: 2:1: SyntaxError: cannot assign to lambda
lambda: x = 1
