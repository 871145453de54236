try:
    try:
        [][0]
    except IndexError:
        {}["x"]
except KeyError as e:
    print(repr(e), repr(e.__context__), e.__cause__, e.__context__.__context__)
try:
    try:
        raise ValueError("first")
    finally:
        raise TypeError("second")
except TypeError as e:
    print(e, "/", e.__context__)
