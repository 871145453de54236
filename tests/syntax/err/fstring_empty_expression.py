# error: 2:4: SyntaxError: f-string: valid expression required before '}'
f'{}'
