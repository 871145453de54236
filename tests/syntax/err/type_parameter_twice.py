# error: 2:10: SyntaxError: duplicate type parameter 'T'
def f[T, T]():
    pass
