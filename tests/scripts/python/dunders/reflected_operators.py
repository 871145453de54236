class R:
    def __radd__(self, o): return f"{o}+R"
    def __rsub__(self, o): return f"{o}-R"
    def __rmul__(self, o): return f"{o}*R"
    def __rtruediv__(self, o): return f"{o}/R"
    def __rfloordiv__(self, o): return f"{o}//R"
    def __rmod__(self, o): return f"{o}%R"
    def __rpow__(self, o): return f"{o}**R"
    def __rlshift__(self, o): return f"{o}<<R"
    def __rand__(self, o): return f"{o}&R"
    def __ror__(self, o): return f"{o}|R"
    def __rxor__(self, o): return f"{o}^R"

r = R()
print(1 + r, 1 - r, 2.5 * r, 1 / r, 1 // r, 1 % r, 2 ** r, 1 << r, 1 & r, 1 | r, 1 ^ r, [1] + r, None + r)
