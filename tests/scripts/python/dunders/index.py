class I:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n

print([10, 20, 30][I(1)], "abc"[I(-1)], list(range(I(3))), "x" * I(3), [1, 2, 3][I(0):I(2)], hex(I(255)), bin(I(5)))
try:
    [1][object()]
except TypeError as e:
    print(e)
