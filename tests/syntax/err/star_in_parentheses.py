# error: 2:6: SyntaxError: cannot use starred expression here
x = (*a)
