def inner():
    try:
        got = yield "inner 1"
        print("inner got", got)
        yield "inner 2"
    except ValueError as e:
        print("inner handled", e)
        yield "after throw"
    finally:
        print("inner cleanup")
    return "inner result"

def outer():
    result = yield from inner()
    print("outer got", result)
    yield "outer end"

it = outer()
print(next(it), it.send("hello"))
print(it.throw(ValueError("thrown")))
print(next(it), list(it))
it = outer()
next(it)
it.close()

def over_iterables():
    yield from [1, 2]
    yield from "ab"
    yield from range(2)
    r = yield from ()
    yield r

print(list(over_iterables()))
