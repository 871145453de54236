decorators = {"twice": lambda f: lambda x: f(f(x))}

@decorators["twice"]
def inc(x):
    return x + 1

@(lambda f: f("immediately called"))
def value(text):
    return text.upper()

@str
def shown():
    pass

print(inc(1), value, shown[:9])
