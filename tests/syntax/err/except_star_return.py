# error: 6:9: SyntaxError: 'break', 'continue' and 'return' cannot appear in an except* block
def f():
    try:
        pass
    except* A:
        return
