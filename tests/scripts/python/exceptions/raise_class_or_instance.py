for thing in (ValueError, ValueError("with text"), KeyError):
    try:
        raise thing
    except (ValueError, KeyError) as e:
        print(repr(e))
for bad in (5, "text", None, int):
    try:
        raise bad
    except TypeError as e:
        print(e)
try:
    raise
except RuntimeError as e:
    print(e)
