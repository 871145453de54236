class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    @classmethod
    def identity(cls, n):
        return cls([[int(i == j) for j in range(n)] for i in range(n)])

    def __mul__(self, o):
        cols = list(zip(*o.rows))
        return Matrix([[sum(a * b for a, b in zip(row, col)) for col in cols] for row in self.rows])

    def __pow__(self, n):
        result, base = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1:
                result = result * base
            base = base * base
            n >>= 1
        return result

    def determinant(self):
        m = self.rows
        if len(m) == 1:
            return m[0][0]
        return sum((-1) ** i * m[0][i] * Matrix([r[:i] + r[i + 1:] for r in m[1:]]).determinant() for i in range(len(m)))

    def __str__(self):
        return "\n".join(" ".join(f"{v:>4}" for v in row) for row in self.rows)

a = Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 4]])
print(a * a)
print(a ** 5)
print(a.determinant(), (Matrix([[1, 1], [1, 0]]) ** 90).rows[0][1])
