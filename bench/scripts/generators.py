# Generator pipelines, generator expressions, yield from, send.
def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def squares(it):
    for x in it:
        yield x * x


def odd(it):
    return (x for x in it if x & 1)


def walk(lo, hi):
    if hi - lo < 2:
        yield lo
    else:
        mid = (lo + hi) // 2
        yield from walk(lo, mid)
        yield from walk(mid, hi)


def averager():
    total = count = 0
    while True:
        total += yield total // (count or 1)
        count += 1


total = 0
for x in odd(squares(numbers(2500000))):
    total += x & 1023
avg = averager()
next(avg)
for i in range(900000):
    last = avg.send(i)
print(total, sum(walk(0, 120000)), last, sum(i for i in range(2000000) if i % 3 == 0))
