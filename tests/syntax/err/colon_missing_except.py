# error: 4:9: SyntaxError: expected ':'
try:
    pass
except E
    pass
