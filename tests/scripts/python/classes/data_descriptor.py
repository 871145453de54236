class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name
        print("set_name", owner.__name__, name)

    def __get__(self, obj, owner):
        if obj is None:
            return self
        return getattr(obj, self.name)

    def __set__(self, obj, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive")
        setattr(obj, self.name, value)

class Order:
    price = Positive()
    amount = Positive()

    def __init__(self, price, amount):
        self.price = price
        self.amount = amount

o = Order(10, 2)
o.price *= 3
print(o.price * o.amount, o.__dict__, type(Order.price).__name__)
try:
    o.amount = 0
except ValueError as e:
    print(e)
o.__dict__["price"] = "shadow"
print(o.price)
