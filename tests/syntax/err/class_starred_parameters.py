# error: 2:9: SyntaxError: invalid syntax
class A(b for b in c):
    pass
