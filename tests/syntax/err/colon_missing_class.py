# error: 2:8: SyntaxError: expected ':'
class A
    pass
