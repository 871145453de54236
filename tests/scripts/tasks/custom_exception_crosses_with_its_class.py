import scriptling.runtime as runtime

class OrderError(Exception):
    def __init__(self, order, reason):
        super().__init__(f"order {order}: {reason}")
        self.order = order

class Unpaid(OrderError):
    pass

def check(order):
    raise Unpaid(order, "not paid")

try:
    runtime.run(check, 17).get()
except OrderError as e:
    print(isinstance(e, Unpaid), e, e.order)  # expect: True order 17: not paid 17
