# error: 2:10: SyntaxError: var-keyword argument cannot have default value
def f(**a=1):
    pass
