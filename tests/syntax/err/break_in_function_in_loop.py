# error: 4:9: SyntaxError: 'break' outside loop
for x in y:
    def f():
        break
