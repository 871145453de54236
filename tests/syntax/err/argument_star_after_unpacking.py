# error: 2:8: SyntaxError: iterable argument unpacking follows keyword argument unpacking
f(**a, *b)
