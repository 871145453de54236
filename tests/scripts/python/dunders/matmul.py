class M:
    def __init__(self, rows):
        self.rows = rows

    def __matmul__(self, o):
        return M([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])

    def __rmatmul__(self, o):
        return "reflected"

m = M([[1, 2], [3, 4]])
print((m @ M([[0, 1], [1, 0]])).rows, 5 @ m)
m @= m
print(m.rows)
