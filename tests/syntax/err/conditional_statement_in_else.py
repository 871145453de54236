# error: 2:17: SyntaxError: expected expression after 'else', but statement is given
x = 1 if a else pass
