# error: 2:9: SyntaxError: positional argument follows keyword argument
f(a=1, b)
