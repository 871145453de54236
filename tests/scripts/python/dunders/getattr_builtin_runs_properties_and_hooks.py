class A:
    @property
    def p(self):
        return "property"

    def __getattr__(self, name):
        if name == "none":
            raise AttributeError(name)
        return name * 2

a = A()
print(getattr(a, "p"), getattr(a, "xy"), getattr(a, "none", "default"), hasattr(a, "none"), hasattr(a, "anything"), [getattr(a, n) for n in ("q", "r")])
