# error: 2:4: SyntaxError: cannot assign to attribute here. Maybe you meant '==' instead of '='?
if x.a = 1:
    pass
