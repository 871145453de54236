# error: 4:8: SyntaxError: expected one or more exception types
try:
    pass
except*:
    pass
