# error: 4:6: IndentationError: unindent does not match any outer indentation level
if x:
        a
    b
