# error: 2:1: SyntaxError: cannot assign to comparison
a < b = 1
