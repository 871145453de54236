# error: 2:5: SyntaxError: invalid character '😀' (U+1F600)
x = 😀
