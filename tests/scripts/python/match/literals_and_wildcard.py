def f(x):
    match x:
        case 0:
            return "zero"
        case -1 | -2:
            return "negative"
        case 1.5:
            return "float"
        case "text":
            return "str"
        case True:
            return "true"
        case None:
            return "none"
        case b"x":
            return "bytes"
        case _:
            return "other"

print([f(x) for x in (0, -2, 1.5, "text", True, False, None, b"x", 99, 0.0)])
