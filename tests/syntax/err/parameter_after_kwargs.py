# error: 2:12: SyntaxError: arguments cannot follow var-keyword argument
def f(**a, b):
    pass
