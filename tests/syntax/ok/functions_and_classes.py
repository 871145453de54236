"""Definitions, parameters, type parameters, coroutines, generators."""
def plain(): pass
def everything(a, b: int, /, c=1, d: int = 2, *args: int, e, f=3, **kwargs: str) -> int: return a
def only_keywords(*, a, b=1): ...
def only_positional(a, b=1, /): ...
def only_positional_and_more(a, /, b, *, c): ...
def star_annotation(*args: *Ts): ...
def generic[T: int, *Ts, **P](x: T, *args: *Ts, **kwargs: P.kwargs) -> T: ...
def trailing(a, b,): ...

@decorator
@decorator.attribute(1)
@(lambda f: f)
@x if y else z
@(w := decorator)
def decorated():
    "docstring"
    global g3
    return

async def asynchronous():
    async with a as b, c: pass
    async for x in y: await z
    else: pass
    await x ** 2
    -await x
    return [await x async for x in y if await x] + [x for x in await y]

def generator():
    yield
    yield 1
    yield 1, *x
    x = yield
    x = yield 1
    x += yield from y
    await_ = (yield)
    f((yield))
    return *x, y

class Empty: pass
class Bases(A, *B, metaclass=M, **kwargs): x = 1
class Parens(): ...
@decorator
class Generic[T](A[T]):
    def method(self):
        nonlocal_ = 1
        def inner():
            nonlocal nonlocal_
            nonlocal_ = 2
        return super().method()
