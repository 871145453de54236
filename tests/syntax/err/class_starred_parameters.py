# error: 2:11: SyntaxError: invalid syntax
class A(b for b in c):
    pass
