# error: 3:5: SyntaxError: 'async with' outside async function
def f():
    async with x:
        pass
