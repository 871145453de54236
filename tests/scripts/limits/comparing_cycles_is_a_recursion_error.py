a, b = [], []
a.append(b)
b.append(a)
try:
    print(a == b)
except RecursionError:
    print("RecursionError")  # expect: RecursionError
c = []
c.append(c)
print(c == c, c[0] is c)  # expect: True True
