# error: 2:3: SyntaxError: expression cannot contain assignment, perhaps you meant "=="?
f(a.b=1)
