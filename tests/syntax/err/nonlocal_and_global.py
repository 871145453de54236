# error: 4:5: SyntaxError: name 'x' is nonlocal and global
def f():
    global x
    nonlocal x
