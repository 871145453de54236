# error: 5:6: SyntaxError: invalid syntax. Perhaps you forgot a comma?
# error: 8:9: SyntaxError: invalid syntax
# error: 11:5: SyntaxError: expected ':'
# error: 14:8: SyntaxError: keyword argument repeated: a
x = (1 2)

def f():
    y = = 3
    return 1

if z
    pass

g(a=1, a=2)
