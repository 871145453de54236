class Base:
    def value(self, n):
        return n * 10

class Child(Base):
    offset = 1

    def value(self, n):
        return super().value(n) + self.offset

    def values(self):
        parent = super()
        return [self.value(n) + parent.value(0) for n in range(3)], (lambda: self.offset)(), {k: self.value(k) for k in (1, 2)}

print(Child().values())
