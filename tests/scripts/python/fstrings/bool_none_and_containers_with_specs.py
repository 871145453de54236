print(f"{True:5}| {True:d} {True:>6}| {False:x} {None!s:>6}| {[1, 2]!s:>10}| {(1,)!r:<8}|")
for value in (None, [1], {}, (1,)):
    print(f"{value}", f"{value:}")
    try:
        f"{value:>10}"
    except TypeError as e:
        print(e)
