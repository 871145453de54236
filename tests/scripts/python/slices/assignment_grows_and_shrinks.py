a = [0, 1, 2, 3, 4]
a[1:3] = ["x", "y", "z"]
print(a)
a[0:0] = [-1]
a[len(a):] = "ab"
print(a)
a[2:5] = []
a[::2] = [None] * len(a[::2])
print(a)
a[:] = range(3)
a[1:1] = a
print(a)
a[5:1] = ["here"]
print(a)
try:
    a[::2] = [1]
except ValueError as e:
    print(e)
try:
    a[0:1] = 5
except TypeError as e:
    print(e)
