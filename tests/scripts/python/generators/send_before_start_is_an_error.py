def g():
    yield 1

it = g()
try:
    it.send("x")
except TypeError as e:
    print(e)
print(it.send(None))
try:
    it.send(1)
except StopIteration as e:
    print("stop", e.value)
