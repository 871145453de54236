x = 1
try:
    x += "a"
except TypeError as e:
    print(e)
s = "s"
try:
    s -= "a"
except TypeError as e:
    print(e)
d = {}
try:
    d += {}
except TypeError as e:
    print(e)
items = []
try:
    items += 5
except TypeError as e:
    print(e)
try:
    items |= 5
except TypeError as e:
    print(e)
