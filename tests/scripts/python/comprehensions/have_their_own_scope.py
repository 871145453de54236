x = "outer"
print([x for x in range(3)], x)
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
gs = [lambda i=i: i for i in range(3)]
print([g() for g in gs])

def f(n):
    return [n * i for i in range(n)], {n: i for i in range(n)}

print(f(3))
try:
    print(i)
except NameError as e:
    print(e)
