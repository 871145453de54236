# error: 3:19: SyntaxError: import * only allowed at module level
def f():
    from x import *
