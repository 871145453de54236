import scriptling.runtime as runtime

def spin(n):
    total = 0
    for i in range(n):
        total += i % 7
    return total

a = runtime.run(spin, 200000)
b = runtime.run(spin, 100000)
print(a.get(), b.get())  # expect: 599994 299995
