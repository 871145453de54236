# error: 4:5: IndentationError: unindent does not match any outer indentation level
if x:
        a
    b
