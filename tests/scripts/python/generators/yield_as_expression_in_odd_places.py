def g():
    x = [(yield 1), (yield 2)]
    d = {"k": (yield x)}
    print("dict", d)
    f = (lambda *a: a)((yield "arg"), 5)
    print(f, (yield) or "default")
    return (yield "last") + 1

it = g()
print(next(it), it.send("a"), it.send("b"), it.send("v"), it.send("f"), it.send(None))
try:
    it.send(41)
except StopIteration as e:
    print(e.value)
