class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def cells(self):
        for y, row in enumerate(self.rows):
            for x, v in enumerate(row):
                yield x, y, v

    @property
    def diagonal(self):
        return (self.rows[i][i] for i in range(len(self.rows)))

    @staticmethod
    def pairs(n):
        yield from ((i, n - i) for i in range(n))

m = Matrix([[1, 2], [3, 4]])
print(list(m.cells()), list(m.diagonal), list(Matrix.pairs(3)))

def outer(n):
    total = 0
    def run():
        nonlocal total
        for i in range(n):
            total += i
            yield total
    return run, lambda: total

run, total = outer(4)
print(list(run()), total(), list(run()), total())
