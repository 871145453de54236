# error: 2:1: SyntaxError: cannot assign to list comprehension here. Maybe you meant '==' instead of '='?
[a for a in b] = 1
