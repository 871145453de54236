# error: 3:5: SyntaxError: 'async for' outside async function
def f():
    async for x in y:
        pass
