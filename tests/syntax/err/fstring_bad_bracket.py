# error: 2:5: SyntaxError: closing parenthesis ']' does not match opening parenthesis '{'
f'{a]}'
