# error: 3:5: SyntaxError: name 'x' is nonlocal and global
def f():
    global x
    nonlocal x
