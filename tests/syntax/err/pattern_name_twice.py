# error: 3:14: SyntaxError: multiple assignments to name 'a' in pattern
match x:
    case [a, a]:
        pass
