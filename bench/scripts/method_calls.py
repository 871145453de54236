# Method calls: own, inherited, overridden, with super(), and a property.
class Counter:
    def __init__(self):
        self.value = 0

    def add(self, n):
        self.value += n
        return self

    def get(self):
        return self.value


class Step(Counter):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def step(self):
        return self.add(self.size)

    @property
    def half(self):
        return self.value // 2


class Limited(Step):
    def add(self, n):
        if self.value > 1000000:
            self.value = 0
        return super().add(n)


def run(n):
    a, b, c = Counter(), Step(3), Limited(5)
    total = 0
    for i in range(n):
        a.add(i)
        b.step()
        c.step()
        total += b.half + c.get()
    return total, a.get(), b.get(), c.get()


print(run(1300000))
