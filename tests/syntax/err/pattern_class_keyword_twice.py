# error: 3:17: SyntaxError: attribute name repeated in class pattern: a
match x:
    case A(a=1, a=2):
        pass
