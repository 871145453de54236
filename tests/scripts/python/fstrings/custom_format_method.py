class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, spec):
        if spec == "long":
            return f"{self.cents // 100} euro {self.cents % 100:02} cents"
        return f"{self.cents / 100:{spec or '.2f'}}"

m = Money(123456)
print(f"{m} {m:long} {m:,.1f} {m:>12.2f}|", "{:long}".format(m), format(m), format(m, "e"))
