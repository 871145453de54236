# error: 2:1: SyntaxError: unterminated f-string literal (detected at line 2)
f'abc
