# error: 2:8: SyntaxError: expected ':'
match x
    case 1:
        pass
