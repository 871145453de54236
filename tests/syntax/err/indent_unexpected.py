# error: 3:5: IndentationError: unexpected indent
a = 1
    b = 2
