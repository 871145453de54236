# error: 2:8: SyntaxError: f-string: invalid syntax
f'{a / }'
