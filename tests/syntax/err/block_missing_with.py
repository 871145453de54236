# error: 3:1: IndentationError: expected an indented block after 'with' statement on line 2
with x:
x = 1
