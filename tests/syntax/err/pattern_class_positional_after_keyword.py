# error: 3:17: SyntaxError: positional patterns follow keyword patterns
match x:
    case A(a=1, b):
        pass
