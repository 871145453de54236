def queens(n, row=0, cols=(), diag1=(), diag2=()):
    if row == n:
        yield cols
        return
    for c in range(n):
        if c not in cols and row + c not in diag1 and row - c not in diag2:
            yield from queens(n, row + 1, cols + (c,), diag1 + (row + c,), diag2 + (row - c,))

print([sum(1 for _ in queens(n)) for n in range(1, 8)])
for c in next(queens(8)):
    print("." * c + "Q" + "." * (7 - c))
