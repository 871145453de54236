class P:
    def __init__(self, x):
        self.x = x

    def __hash__(self):
        return hash(self.x)

    def __eq__(self, other):
        return isinstance(other, P) and self.x == other.x

d = {(P(1), "a"): 1, (P(2), (P(3),)): 2, frozenset([P(4)]): 3}
print(d[P(1), "a"], d[P(2), (P(3),)], d[frozenset([P(4)])], (P(1), "b") in d, hash((P(1),)) == hash((P(1),)))
