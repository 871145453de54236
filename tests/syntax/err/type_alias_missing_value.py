# error: 2:9: SyntaxError: invalid syntax
type X =
