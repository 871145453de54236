# error: 2:11: SyntaxError: cannot use a starred expression in a dictionary value
x = {'a': *b}
