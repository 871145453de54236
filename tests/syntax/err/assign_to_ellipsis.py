# error: 2:1: SyntaxError: cannot assign to ellipsis here. Maybe you meant '==' instead of '='?
... = 1
