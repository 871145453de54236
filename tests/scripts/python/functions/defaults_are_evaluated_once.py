count = 0

def make():
    global count
    count += 1
    return count

def f(x=make(), items=[]):
    items.append(x)
    return x, items

print(f(), f(), f(5), count)
print(f.__defaults__)

def g(items=None):
    items = items or []
    items.append(1)
    return items

print(g(), g())
