# error: 3:13: SyntaxError: invalid syntax
match x:
    case *a | b:
        pass
