# error: 2:5: SyntaxError: cannot delete starred
del *a
