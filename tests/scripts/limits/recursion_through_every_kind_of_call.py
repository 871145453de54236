class Loop:
    def __add__(self, other):
        return self + other

    def __getitem__(self, key):
        return self[key]

    def __iter__(self):
        return iter(list(self))

    def __call__(self):
        return self()

    def __str__(self):
        return str(self)

    def __hash__(self):
        return hash(self)

    def __bool__(self):
        return bool(self)

    @property
    def prop(self):
        return self.prop

    def __contains__(self, x):
        return x in self

    def __lt__(self, other):
        return self < other

    def __enter__(self):
        with self:
            pass

    def __exit__(self, *e):
        pass

def gen():
    yield from gen()

def key(x):
    return sorted([x], key=key)

def nested_map(x):
    return list(map(nested_map, [x]))

def in_with(loop):
    with loop:
        pass

o = Loop()
tests = [lambda: o + 1, lambda: o[0], lambda: list(o), lambda: o(), lambda: str(o), lambda: {o: 1}, lambda: bool(o), lambda: o.prop, lambda: 1 in o, lambda: o < o, lambda: in_with(o), lambda: list(gen()), lambda: key(1), lambda: nested_map(1), lambda: f"{o}", lambda: print(o), lambda: max([o, o])]
caught = 0
for t in tests:
    try:
        t()
    except RecursionError:
        caught += 1
print(caught == len(tests))  # expect: True
