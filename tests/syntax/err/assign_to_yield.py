# error: 3:6: SyntaxError: cannot assign to yield expression here. Maybe you meant '==' instead of '='?
def f():
    (yield x) = 1
