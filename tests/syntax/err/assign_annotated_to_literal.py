# error: 2:1: SyntaxError: illegal target for annotation
1: int = 1
