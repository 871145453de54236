# error: 2:10: SyntaxError: cannot use bound with ParamSpec
def f[**T: int]():
    pass
