# error: 2:14: SyntaxError: assignment expression cannot be used in a comprehension iterable expression
[a for a in (b := c)]
