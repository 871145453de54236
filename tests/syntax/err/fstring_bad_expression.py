# error: 2:6: SyntaxError: invalid syntax
f'{a $ b}'
