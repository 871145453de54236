# error: 2:1: SyntaxError: cannot assign to f-string expression here. Maybe you meant '==' instead of '='?
f'{a}' = 1
