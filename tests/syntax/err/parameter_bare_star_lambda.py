# error: 2:12: SyntaxError: named arguments must follow bare *
f = lambda *: 1
