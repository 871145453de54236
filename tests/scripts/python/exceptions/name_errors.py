try:
    undefined_thing
except NameError as e:
    print(e, "|", e.name)

def f():
    return also_undefined + 1

try:
    f()
except NameError as e:
    print(e)
try:
    del never_there
except NameError as e:
    print(e)
