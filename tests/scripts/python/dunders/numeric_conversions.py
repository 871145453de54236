import math

class X:
    def __int__(self): return 3
    def __float__(self): return 3.7
    def __abs__(self): return "absolute"
    def __round__(self, n=None): return ("rounded", n)
    def __divmod__(self, o): return ("divmod", o)
    def __trunc__(self): return 4
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"

x = X()
print(int(x), float(x), abs(x), round(x), round(x, 2), divmod(x, 5), math.floor(x), math.ceil(x), math.trunc(x))
