# error: 2:11: SyntaxError: invalid syntax. Perhaps you forgot a comma?
x = {'a': 1 'b': 2}
