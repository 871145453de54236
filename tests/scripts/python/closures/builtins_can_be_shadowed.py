def f():
    len = lambda x: "my len"
    return len([1])

print(f(), len([1]))
max = 5
print(max)
del max
print(max(1, 2))
