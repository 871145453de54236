class Thing:
    def __init__(self):
        self.known = 1

t = Thing()
tests = [lambda: t.unknown, lambda: Thing.unknown, lambda: (1).foo, lambda: "s".foo, lambda: None.foo, lambda: [].push(1), lambda: len.foo]
for f in tests:
    try:
        f()
    except AttributeError as e:
        print(e)
try:
    del t.unknown
except AttributeError as e:
    print(e)
try:
    (5).x = 1
except AttributeError as e:
    print(e)
try:
    t.known.deep.er
except AttributeError as e:
    print(e)
