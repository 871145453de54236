for spec in ("s", ".2d", "z", "5.3x", ",x", "c#", "10q"):
    try:
        print(spec, format(5, spec))
    except ValueError as e:
        print(spec, "->", e)
