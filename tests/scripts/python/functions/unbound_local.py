x = 1

def f():
    try:
        print(x)
    except UnboundLocalError as e:
        print(type(e).__name__, isinstance(e, NameError))
    x = 2
    return x

def g(flag):
    if flag:
        y = 1
    return y

print(f(), g(True))
try:
    g(False)
except UnboundLocalError as e:
    print("y" in str(e))

def h():
    z = 1
    del z
    return z

try:
    h()
except UnboundLocalError:
    print("deleted")
