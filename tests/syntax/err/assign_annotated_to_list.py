# error: 2:1: SyntaxError: only single target (not list) can be annotated
[a, b]: int
