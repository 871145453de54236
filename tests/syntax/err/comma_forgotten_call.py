# error: 2:3: SyntaxError: invalid syntax. Perhaps you forgot a comma?
f(a b)
