# error: 3:1: SyntaxError: unterminated triple-quoted f-string literal (detected at line 4)
x = 1
f'''abc
z
