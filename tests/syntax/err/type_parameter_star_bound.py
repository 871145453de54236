# error: 2:9: SyntaxError: cannot use bound with TypeVarTuple
def f[*T: int]():
    pass
