# error: 2:4: SyntaxError: f-string: invalid syntax. Perhaps you forgot a comma?
f'{a b}'
