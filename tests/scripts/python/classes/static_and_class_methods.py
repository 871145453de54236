class Pizza:
    made = 0

    def __init__(self, *toppings):
        self.toppings = toppings
        type(self).made += 1

    @classmethod
    def margherita(cls, extra=None):
        return cls("tomato", "cheese", *([extra] if extra else []))

    @staticmethod
    def area(r):
        return 3 * r * r

class Small(Pizza):
    made = 0

print(Pizza.margherita().toppings, type(Small.margherita("basil")).__name__, Pizza.area(2), Small("x").area(1), Pizza.made, Small.made)
