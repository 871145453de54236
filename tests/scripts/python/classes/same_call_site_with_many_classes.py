classes = [type(f"C{i}", (), {"n": i, "get": lambda self: self.n * 2}) for i in range(12)]

def read(o):
    return o.n + o.get()

objects = [c() for c in classes] * 3
for i, o in enumerate(objects):
    if i % 5 == 0:
        o.n = 100 + i
print([read(o) for o in objects])

class Order:
    pass

a, b = Order(), Order()
a.x, a.y = 1, 2
b.y, b.x = 3, 4
print([(o.x, o.y) for o in (a, b, a)], list(a.__dict__), list(b.__dict__))
