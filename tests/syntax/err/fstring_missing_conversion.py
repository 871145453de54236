# error: 2:6: SyntaxError: f-string: missing conversion character
f'{a!}'
