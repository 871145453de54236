# error: 3:5: SyntaxError: 'continue' not properly in loop
if x:
    continue
