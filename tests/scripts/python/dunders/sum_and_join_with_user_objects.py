class Money:
    def __init__(self, n):
        self.n = n

    def __add__(self, o):
        return Money(self.n + (o.n if isinstance(o, Money) else o))

    __radd__ = __add__

    def __str__(self):
        return f"${self.n}"

print(sum([Money(1), Money(2)]), sum([Money(1)], Money(10)), ", ".join(str(m) for m in [Money(1), Money(2)]), f"{Money(5)!s:>5}", "%s/%s" % (Money(1), Money(2)))
