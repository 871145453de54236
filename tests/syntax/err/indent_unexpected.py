# error: 3:4: IndentationError: unexpected indent
a = 1
    b = 2
