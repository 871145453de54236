# error: 3:10: SyntaxError: name capture 'a' makes remaining patterns unreachable
match x:
    case a | 1:
        pass
