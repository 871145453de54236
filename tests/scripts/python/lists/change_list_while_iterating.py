a = [1, 2, 3]
for x in a:
    if len(a) < 6:
        a.append(x * 10)
print(a)
b = [1, 2, 3, 4, 5, 6]
for x in b:
    if x % 2 == 0:
        b.remove(x)
    elif x == 1:
        b.remove(x)
print(b)
c = [1, 2, 3]
it = iter(c)
next(it)
c.clear()
print(list(it))
c.extend([1, 2, 3])
print(list(it))
