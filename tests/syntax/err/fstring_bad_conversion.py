# error: 2:6: SyntaxError: f-string: invalid conversion character 'x': expected 's', 'r', or 'a'
f'{a!x}'
