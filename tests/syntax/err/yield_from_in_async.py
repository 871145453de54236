# error: 3:5: SyntaxError: 'yield from' inside async function
async def f():
    yield from x
