def averager():
    total, count, average = 0, 0, None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count

a = averager()
print(next(a), a.send(10), a.send(20), a.send(3))

def echo():
    got = []
    while len(got) < 3:
        got.append((yield len(got)))
    return got

e = echo()
print(next(e), e.send("a"), e.send("b"))
try:
    e.send("c")
except StopIteration as stop:
    print(stop.value)
