# error: 2:1: SyntaxError: 'literal' is an illegal expression for augmented assignment
1 += 1
