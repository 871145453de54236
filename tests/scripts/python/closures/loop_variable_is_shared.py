def make():
    return [lambda: i for i in range(3)], [lambda i=i: i for i in range(3)], [(lambda n: lambda: n)(i) for i in range(3)]

for group in make():
    print([f() for f in group])

def loop():
    fs = []
    for i in range(3):
        def f():
            return i
        fs.append(f)
    i = "changed"
    return [f() for f in fs]

print(loop())
