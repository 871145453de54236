# error: 2:6: SyntaxError: invalid character '$' (U+0024)
f'{a $ b}'
