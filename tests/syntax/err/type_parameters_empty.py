# error: 2:7: SyntaxError: Type parameter list cannot be empty
def f[]():
    pass
