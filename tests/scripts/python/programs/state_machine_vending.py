class Vending:
    prices = {"tea": 120, "cola": 200}

    def __init__(self):
        self.state, self.credit, self.log = "idle", 0, []

    def handle(self, event, *args):
        method = getattr(self, f"{self.state}_{event}", None)
        if method is None:
            self.log.append(f"ignored {event} in {self.state}")
        else:
            self.state = method(*args) or self.state
        return self

    def idle_coin(self, n):
        self.credit += n
        return "paying"

    def paying_coin(self, n):
        self.credit += n

    def paying_select(self, item):
        price = self.prices[item]
        if self.credit < price:
            self.log.append(f"{item}: {price - self.credit} more")
            return None
        self.credit -= price
        self.log.append(f"sold {item}, change {self.credit}")
        self.credit = 0
        return "idle"

    def paying_cancel(self):
        self.log.append(f"returned {self.credit}")
        self.credit = 0
        return "idle"

v = Vending()
v.handle("select", "tea").handle("coin", 100).handle("select", "tea").handle("coin", 50).handle("select", "tea")
v.handle("coin", 10).handle("cancel").handle("cancel")
print("\n".join(v.log), v.state)
