# error: 2:6: SyntaxError: '(' was never closed
print("a"
