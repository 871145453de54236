# error: 2:10: SyntaxError: duplicate argument 'x' in function definition
def f(x, x):
    pass
