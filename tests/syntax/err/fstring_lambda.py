# error: 2:4: SyntaxError: f-string: lambda expressions are not allowed without parentheses
f'{lambda x: 1}'
