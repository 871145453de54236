# Every operator on operands near the sizes where the representation of an int changes.
edges = [0, 1, 2, 3, 7, 2 ** 31, 2 ** 32 - 1, 10 ** 9 + 7]
for bits in (62, 63, 64, 65, 96, 126, 127, 128, 129, 192, 200):
    edges += [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]
edges += [-n for n in edges]


def fold(digest, value):
    return (digest * 1000003 + hash(value) + len(str(value))) % (2 ** 61 - 1)


digests = {op: 7 for op in ("+", "-", "*", "//", "%", "divmod", "&", "|", "^", "/", "<", "==", ">>", "<<", "pow")}
for a in edges:
    for b in edges:
        digests["+"] = fold(digests["+"], a + b)
        digests["-"] = fold(digests["-"], a - b)
        digests["*"] = fold(digests["*"], a * b)
        digests["&"] = fold(digests["&"], a & b)
        digests["|"] = fold(digests["|"], a | b)
        digests["^"] = fold(digests["^"], a ^ b)
        digests["<"] = fold(digests["<"], a < b)
        digests["=="] = fold(digests["=="], a == b)
        if b:
            digests["//"] = fold(digests["//"], a // b)
            digests["%"] = fold(digests["%"], a % b)
            digests["/"] = fold(digests["/"], a / b)
            q, r = divmod(a, b)
            digests["divmod"] = fold(digests["divmod"], q * 31 + r)
            if q * b + r != a or abs(r) >= abs(b) or r and (r < 0) != (b < 0):
                print("divmod", a, b, q, r)
            digests["pow"] = fold(digests["pow"], pow(a, 65537, b))
        if abs(b) < 300 and b >= 0:
            digests[">>"] = fold(digests[">>"], a >> b)
            digests["<<"] = fold(digests["<<"], a << b)
    for count in (0, 1, 63, 64, 65, 127, 128, 129, 500):
        digests[">>"] = fold(digests[">>"], a >> count)
        digests["<<"] = fold(digests["<<"], a << count)
for op, digest in digests.items():
    print(op, digest)
# In-place forms, bools, and a result that shrinks back to a small int.
n = 2 ** 64
n += True
n -= 2 ** 64
print(n, n.bit_length(), 2 ** 127 - 2 ** 127 + 5, -(2 ** 127) // -1, (2 ** 127) * -1 % 10)
print(pow(3, 2 ** 100, 10 ** 24 + 7), pow(-3, 12345, 2 ** 89 - 1), pow(3, -1, 2 ** 89 - 1), pow(5, 0, 1), pow(7, 2, -13))
print(pow(2, 10 ** 20, 2 ** 127 - 1), pow(2, 10 ** 20, 2 ** 128 + 51), pow(10, 5, 2 ** 126))
for bad in (lambda: 2 ** 64 // 0, lambda: 2 ** 64 % 0, lambda: 2 ** 200 // 0, lambda: 2 ** 200 % 0, lambda: 2 ** 64 >> -1, lambda: 2 ** 64 / 0):
    try:
        bad()
    except (ZeroDivisionError, ValueError) as e:
        print(type(e).__name__, e)
