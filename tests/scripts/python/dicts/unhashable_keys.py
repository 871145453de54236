for key in ([], {}, set(), (1, [2]), [1]):
    try:
        {key: 1}
    except TypeError as e:
        print(e)
    try:
        {}[key] = 1
    except TypeError as e:
        print(e)
    try:
        key in {}
    except TypeError as e:
        print(e)
