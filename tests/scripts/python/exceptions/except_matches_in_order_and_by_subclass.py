for e in (KeyError("k"), LookupError("l"), ArithmeticError("a"), ZeroDivisionError("z")):
    try:
        raise e
    except KeyError:
        print("key")
    except LookupError:
        print("lookup")
    except (OverflowError, ArithmeticError):
        print("arithmetic")
try:
    try:
        raise ValueError("v")
    except KeyError:
        print("not here")
except Exception as e:
    print("outer", repr(e))
try:
    try:
        1 / 0
    except "not a class":
        pass
except TypeError as e:
    print(e)
