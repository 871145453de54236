class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1

print(list(Countdown(3)), sum(Countdown(4)), max(Countdown(2)), [*Countdown(2)], tuple(Countdown(1)), 2 in Countdown(3))
a, b, c = Countdown(3)
print(a, b, c, dict(zip(Countdown(2), "xy")), sorted(Countdown(3)), list(enumerate(Countdown(2))))
it = Countdown(1)
print(next(it), next(it, "done"))

class Tree:
    def __iter__(self):
        yield 1
        yield from [2, 3]

print(list(Tree()), [x for x in Tree()], *Tree())
