# error: 3:1: SyntaxError: unterminated triple-quoted f-string literal (detected at line 5)
x = 1
f'''abc
z
