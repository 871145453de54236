# error: 2:5: SyntaxError: cannot mix bytes and nonbytes literals
x = 'a' b'b'
