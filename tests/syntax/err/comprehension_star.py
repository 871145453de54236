# error: 2:2: SyntaxError: iterable unpacking cannot be used in comprehension
[*a for a in b]
