# error: 2:7: SyntaxError: (value error) invalid \x escape at position 0
x = b'\x1'
