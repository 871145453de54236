class C:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]
    try:
        broken = [i * len(items) for i in items]
    except NameError as e:
        error = str(e)

print(C.doubled, C.error)
try:
    (x for x in 5)
except TypeError as e:
    print(e)
