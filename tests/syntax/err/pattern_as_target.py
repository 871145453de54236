# error: 3:16: SyntaxError: invalid syntax
match x:
    case 1 as a.b:
        pass
