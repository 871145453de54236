# error: 2:5: SyntaxError: f-string: expecting '}'
f'{a'
