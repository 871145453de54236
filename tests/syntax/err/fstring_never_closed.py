# error: 2:3: SyntaxError: '{' was never closed
f'{a'
