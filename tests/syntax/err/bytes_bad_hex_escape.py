# error: 2:11: SyntaxError: (value error) invalid \x escape at position 0
x = b'\x1'
