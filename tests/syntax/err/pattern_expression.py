# error: 3:12: SyntaxError: invalid syntax
match x:
    case a + b:
        pass
