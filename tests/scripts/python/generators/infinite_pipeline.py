def naturals(n=1):
    while True:
        yield n
        n += 1

def take(n, it):
    for _, x in zip(range(n), it):
        yield x

def where(pred, it):
    for x in it:
        if pred(x):
            yield x

def sieve(it):
    p = next(it)
    yield p
    yield from sieve(x for x in it if x % p)

print(list(take(5, naturals())), list(take(4, where(lambda n: n % 7 == 0, naturals()))), list(take(15, sieve(naturals(2)))))
