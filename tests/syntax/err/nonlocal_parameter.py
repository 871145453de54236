# error: 3:5: SyntaxError: name 'x' is parameter and nonlocal
def f(x):
    nonlocal x
