# error: 5:1: IndentationError: expected an indented block after 'finally' statement on line 4
try:
    pass
finally:
x = 1
