# error: 2:7: SyntaxError: invalid character '“' (U+201C)
print(“hi”)
