# error: 2:5: SyntaxError: invalid syntax
a + not b
