# error: 2:2: SyntaxError: did you forget parentheses around the comprehension target?
[a, b for a in c]
