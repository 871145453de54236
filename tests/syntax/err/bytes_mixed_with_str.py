# error: 2:13: SyntaxError: cannot mix bytes and nonbytes literals
x = 'a' b'b'
