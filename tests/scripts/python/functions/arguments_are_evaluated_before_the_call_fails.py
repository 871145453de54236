def note(x):
    print("evaluated", x)
    return x

def f(a):
    return a

try:
    f(note(1), note(2))
except TypeError as e:
    print(e)
try:
    undefined(note(3))
except NameError as e:
    print(e)
try:
    note(4)(note(5))
except TypeError as e:
    print(e)
