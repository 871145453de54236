def g():
    try:
        raise ValueError("in generator")
    except ValueError:
        yield 1
        try:
            raise
        except ValueError as e:
            yield str(e)

it = g()
try:
    raise KeyError("outside")
except KeyError:
    next(it)
    print(next(it))
    try:
        raise
    except KeyError as e:
        print("still", e)
