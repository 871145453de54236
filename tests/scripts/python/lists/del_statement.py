a = list(range(10))
del a[0], a[-1]
del a[2:4]
del a[::2]
print(a)
d = {"x": 1, "y": 2}
del d["x"]
print(d)
b = [1, 2]
del b[:]
print(b)
x = 1
del x
try:
    print(x)
except NameError as e:
    print(e)
