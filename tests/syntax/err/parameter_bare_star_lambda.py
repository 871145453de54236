# error: 2:13: SyntaxError: named arguments must follow bare *
f = lambda *: 1
