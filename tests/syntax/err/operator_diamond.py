# error: 2:3: SyntaxError: invalid syntax
a <> b
