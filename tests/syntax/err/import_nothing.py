# error: 2:14: SyntaxError: invalid syntax
from x import
