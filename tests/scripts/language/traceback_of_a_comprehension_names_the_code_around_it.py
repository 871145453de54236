# A comprehension runs in the frame around it: tracebacks name that.
def quotients(items):
    return {x: [1 // y for y in [x]] for x in items}  # expect raises: ZeroDivisionError: integer division or modulo by zero


# expect stderr: in <module>
# expect stderr: in quotients
quotients([1, 0])
