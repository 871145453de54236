# error: 2:1: SyntaxError: cannot assign to dict literal here. Maybe you meant '==' instead of '='?
{'a': 1} = x
