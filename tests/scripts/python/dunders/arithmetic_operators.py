class N:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f"N({self.v})"

    def __add__(self, o): return N(f"{self.v}+{o}")
    def __sub__(self, o): return N(f"{self.v}-{o}")
    def __mul__(self, o): return N(f"{self.v}*{o}")
    def __truediv__(self, o): return N(f"{self.v}/{o}")
    def __floordiv__(self, o): return N(f"{self.v}//{o}")
    def __mod__(self, o): return N(f"{self.v}%{o}")
    def __pow__(self, o): return N(f"{self.v}**{o}")
    def __lshift__(self, o): return N(f"{self.v}<<{o}")
    def __rshift__(self, o): return N(f"{self.v}>>{o}")
    def __and__(self, o): return N(f"{self.v}&{o}")
    def __or__(self, o): return N(f"{self.v}|{o}")
    def __xor__(self, o): return N(f"{self.v}^{o}")
    def __neg__(self): return N(f"-{self.v}")
    def __pos__(self): return N(f"+{self.v}")
    def __invert__(self): return N(f"~{self.v}")

n = N("n")
print(n + 1, n - 1, n * 1, n / 1, n // 1, n % 1, n ** 1, n << 1, n >> 1, n & 1, n | 1, n ^ 1, -n, +n, ~n)
