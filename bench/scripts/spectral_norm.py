# Small functions called from nested comprehensions, float arithmetic.
def cell(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    n = len(v)
    out = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += cell(i, j) * v[j]
        out.append(total)
    return out


def times_transposed(v):
    n = len(v)
    return [sum(cell(j, i) * v[j] for j in range(n)) for i in range(n)]


u = [1.0] * 300
for _ in range(12):
    v = times_transposed(times(u))
    u = times_transposed(times(v))
uv = sum(a * b for a, b in zip(u, v))
vv = sum(b * b for b in v)
print(f"{(uv / vv) ** 0.5:.9f}")
