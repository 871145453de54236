# error: 6:9: SyntaxError: name 'x' is assigned to before nonlocal declaration
def g():
    x = 0
    def f():
        x = 1
        nonlocal x
