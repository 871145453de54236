def counter(start=0):
    n = start

    def step(by=1):
        nonlocal n
        n += by
        return n

    def peek():
        return n

    return step, peek

step, peek = counter(10)
other, _ = counter()
print(step(), step(5), peek(), other(), peek())
