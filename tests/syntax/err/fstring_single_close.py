# error: 2:4: SyntaxError: f-string: single '}' is not allowed
f'a}'
