# error: 2:8: SyntaxError: positional argument follows keyword argument unpacking
f(**a, b)
