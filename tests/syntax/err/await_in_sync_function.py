# error: 3:5: SyntaxError: 'await' outside async function
def f():
    await x
