# error: 2:2: SyntaxError: assignment expression cannot rebind comprehension iteration variable 'a'
[a := 1 for a in b]
