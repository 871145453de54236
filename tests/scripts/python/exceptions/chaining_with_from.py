def load():
    try:
        {}["key"]
    except KeyError as e:
        raise RuntimeError("loading failed") from e

try:
    load()
except RuntimeError as e:
    print(e, repr(e.__cause__), repr(e.__context__), e.__suppress_context__, e.__cause__ is e.__context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("hidden") from None
except ValueError as e:
    print(e.__cause__, repr(e.__context__), e.__suppress_context__)
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
try:
    raise ValueError("a") from KeyError
except ValueError as e:
    print(repr(e.__cause__))
