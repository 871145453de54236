# error: 2:7: SyntaxError: invalid hexadecimal literal
x = 0xfg
