# error: 2:10: SyntaxError: invalid syntax
import a from b
