# error: 2:3: SyntaxError: f-string: valid expression required before '}'
f'{}'
