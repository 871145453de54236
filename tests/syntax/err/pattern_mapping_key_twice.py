# error: 3:10: SyntaxError: mapping pattern checks duplicate key ('a')
match x:
    case {'a': 1, 'a': 2}:
        pass
