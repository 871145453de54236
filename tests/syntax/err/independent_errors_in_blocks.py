# error: 6:16: SyntaxError: expected ':'
# error: 10:13: SyntaxError: cannot assign to literal here. Maybe you meant '==' instead of '='?
# error: 11:13: SyntaxError: '[' was never closed
# error: 13:16: SyntaxError: unterminated string literal (detected at line 13)
class A:
    def f(self)
        return 1
    def g(self):
        for x in y:
            1 = x
        x = [1, 2
    def h(self):
        return "abc
