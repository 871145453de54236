def zero():
    pass

def one(a):
    pass

def two(a, b):
    pass

def three(a, b, c, d=1):
    pass

def kw(*, x, y, z=1):
    pass

calls = [
    lambda: one(),
    lambda: two(),
    lambda: two(1),
    lambda: three(),
    lambda: three(c=1),
    lambda: kw(),
    lambda: kw(y=1),
    lambda: zero(1),
    lambda: one(1, 2),
    lambda: two(1, 2, 3, 4),
    lambda: three(1, 2, 3, 4, 5),
]
for call in calls:
    try:
        call()
    except TypeError as e:
        print(e)
