def f(a, b):
    return a

f(1)  # expect raises: TypeError: f() missing 1 required positional argument: 'b'
