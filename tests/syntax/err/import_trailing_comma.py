# error: 2:17: SyntaxError: trailing comma not allowed without surrounding parentheses
from x import a,
