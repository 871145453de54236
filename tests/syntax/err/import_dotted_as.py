# error: 2:12: SyntaxError: invalid syntax
import a.b.
