def boom():
    raise RuntimeError("evaluated")

print("yes" if True else boom())
print(boom() if False else "no")
n = 7
print("big" if n > 10 else "middle" if n > 5 else "small")
print([i if i % 2 else -i for i in range(5)])
