# error: 3:5: SyntaxError: cannot assign to await expression here. Maybe you meant '==' instead of '='?
async def f():
    await x = 1
