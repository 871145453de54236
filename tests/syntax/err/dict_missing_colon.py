# error: 2:16: SyntaxError: ':' expected after dictionary key
x = {'a': 1, 'b'}
