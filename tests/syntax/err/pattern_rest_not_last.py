# error: 3:11: SyntaxError: double star pattern '**a' must be the last subpattern in the mapping pattern
match x:
    case {**a, 1: b}:
        pass
