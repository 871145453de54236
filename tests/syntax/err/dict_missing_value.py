# error: 2:9: SyntaxError: expression expected after dictionary key and ':'
x = {'a': }
