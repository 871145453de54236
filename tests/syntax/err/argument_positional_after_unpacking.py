# error: 2:9: SyntaxError: positional argument follows keyword argument unpacking
f(**a, b)
