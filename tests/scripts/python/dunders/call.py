class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x, *more, scale=1):
        return (x + self.n + sum(more)) * scale

add = Adder(10)
print(add(1), add(1, 2, scale=3), list(map(add, [1, 2])), callable(add), callable(Adder), sorted([3, 1], key=Adder(0)))
