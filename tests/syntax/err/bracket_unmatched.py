# error: 2:6: SyntaxError: unmatched ')'
x = 1)
