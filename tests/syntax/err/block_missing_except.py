# error: 5:1: IndentationError: expected an indented block after 'except' statement on line 4
try:
    pass
except E:
x = 1
