# error: 2:9: SyntaxError: var-positional argument cannot have default value
def f(*a=1):
    pass
