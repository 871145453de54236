# error: 6:1: SyntaxError: cannot have both 'except' and 'except*' on the same 'try'
try:
    pass
except E:
    pass
except* F:
    pass
