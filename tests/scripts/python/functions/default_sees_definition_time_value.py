n = 1

def f(x=n):
    return x

n = 2
print(f(), n)
fs = []
for i in range(3):
    def show(value=i):
        return value
    fs.append(show)
print([g() for g in fs])
