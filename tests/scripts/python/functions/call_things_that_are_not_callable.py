for value in (1, "s", None, [1], {"a": 1}, 1.5, object()):
    try:
        value()
    except TypeError as e:
        print(e)
