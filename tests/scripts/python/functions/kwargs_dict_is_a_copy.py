def f(**kw):
    kw["added"] = 1
    return kw

def g(*args):
    return args

d = {"a": 1}
print(f(**d), d)
items = [1, 2]
t = g(*items)
items.append(3)
print(t, f(b=1, a=2), list(f(z=1, y=2, x=3)))
