class A:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        if isinstance(other, A):
            return self.v == other.v
        return NotImplemented

print(A(1) == A(1), A(1) != A(1), A(1) != A(2), A(1) == 1, A(1) != 1, A(1) in [A(1)], [A(1)] == [A(1)], (A(1), A(2)) != (A(1), A(3)))
