# error: 2:8: SyntaxError: unexpected character after line continuation character
x = 1 \ 2
