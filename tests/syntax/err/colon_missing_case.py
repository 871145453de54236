# error: 3:11: SyntaxError: expected ':'
match x:
    case 1
        pass
