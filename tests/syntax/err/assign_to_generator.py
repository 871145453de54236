# error: 2:1: SyntaxError: cannot assign to generator expression
(a for a in b) = 1
