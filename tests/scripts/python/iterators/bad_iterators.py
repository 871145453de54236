class NoNext:
    def __iter__(self):
        return 5

class NotIterable:
    pass

class NextOnly:
    def __next__(self):
        return 1

for thing in (NoNext(), NotIterable(), NextOnly(), 5, None, len):
    try:
        for x in thing:
            pass
    except TypeError as e:
        print(e)
try:
    a, b = 5
except TypeError as e:
    print(e)
try:
    [*5]
except TypeError as e:
    print(e)
try:
    next(NotIterable())
except TypeError as e:
    print(e)
