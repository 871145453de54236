def two(v):
    a, b = v

def star(v):
    a, b, *c = v

for f, v in ((two, [1]), (two, [1, 2, 3]), (two, []), (two, "abc"), (two, 5), (star, [1]), (two, {}), (two, None), (two, (x for x in range(9)))):
    try:
        f(v)
    except (ValueError, TypeError) as e:
        print(type(e).__name__ + ":", e)
