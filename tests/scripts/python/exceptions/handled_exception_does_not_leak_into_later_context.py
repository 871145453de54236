def quiet():
    try:
        1 / 0
    except ZeroDivisionError:
        pass

quiet()
try:
    raise ValueError("fresh")
except ValueError as e:
    print(e.__context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        quiet()
        raise KeyError("second")
except KeyError as e:
    print(repr(e.__context__))
for i in range(2):
    try:
        raise IndexError(i)
    except IndexError as e:
        print(e, e.__context__)
