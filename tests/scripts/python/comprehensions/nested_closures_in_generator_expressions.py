def multiplier(n):
    return (n * x for x in range(4) if x != n)

print(list(multiplier(2)), list(multiplier(10)))
n = 1
g = (n * x for x in range(3))
n = 100
print(list(g), [sum(x * y for y in range(x)) for x in range(5)])
