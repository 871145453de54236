# error: 2:7: SyntaxError: unexpected character after line continuation character
x = 1 \ 2
