# error: 2:4: SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
if x = 1:
    pass
