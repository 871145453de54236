a = [1, 2, 3, 4]
a[0], a[-1] = a[-1], a[0]
a[1:3] = a[2:0:-1]
x, y, z = 1, 2, 3
x, y, z = y, z, x
print(a, x, y, z)

def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

print(fib(10), fib(100))
