# error: 2:7: SyntaxError: at least one argument must precede /
def f(/, a):
    pass
