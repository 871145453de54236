# error: 5:5: SyntaxError: 'break' outside loop
for x in y:
    pass
else:
    break
