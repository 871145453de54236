# error: 3:10: SyntaxError: name capture 'a' makes remaining patterns unreachable
match x:
    case a:
        pass
    case 1:
        pass
