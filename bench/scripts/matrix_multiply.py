# Matrix product with lists of lists, by index and by zip.
def matrix(n, seed):
    return [[(i * n + j) * seed % 97 / 7 for j in range(n)] for i in range(n)]


def by_index(a, b, n):
    result = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += a[i][k] * b[k][j]
            result[i][j] = total
    return result


def by_zip(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


n = 190
a, b = matrix(n, 31), matrix(n, 17)
c, d = by_index(a, b, n), by_zip(a, b)
print(f"{sum(c[i][i] for i in range(n)):.6f} {sum(d[i][n - 1 - i] for i in range(n)):.6f} {c == d}")
