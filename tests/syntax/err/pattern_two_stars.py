# error: 3:10: SyntaxError: multiple starred names in sequence pattern
match x:
    case [*a, *b]:
        pass
