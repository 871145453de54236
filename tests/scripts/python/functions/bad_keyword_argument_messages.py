def f(a, b=1):
    pass

calls = [
    lambda: f(1, c=2),
    lambda: f(1, a=2),
    lambda: f(1, 2, b=3),
    lambda: f(**{"a": 1, "zz": 2}),
    lambda: f(*5),
    lambda: f(**5),
    lambda: f(1, **{2: 3}),
    lambda: f(a=1, **{"a": 2}),
]
for call in calls:
    try:
        call()
    except TypeError as e:
        print(e)
