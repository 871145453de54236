# error: 2:1: SyntaxError: cannot assign to conditional expression
a if b else c = 1
