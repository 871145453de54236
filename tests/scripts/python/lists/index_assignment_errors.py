a = [1]
try:
    a[3] = 0
except IndexError as e:
    print(e)
try:
    del a[3]
except IndexError as e:
    print(e)
try:
    a["x"] = 0
except TypeError as e:
    print(e)
print(a)
