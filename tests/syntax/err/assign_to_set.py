# error: 2:1: SyntaxError: cannot assign to set display here. Maybe you meant '==' instead of '='?
{1, 2} = x
