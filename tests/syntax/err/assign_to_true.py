# error: 2:1: SyntaxError: cannot assign to True
True = 1
