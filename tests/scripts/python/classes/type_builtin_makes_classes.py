C = type("C", (), {"x": 1, "get": lambda self: self.x + 1})
D = type("D", (C,), {"x": 10})
print(C.__name__, C().get(), D().get(), type(D()) is D, type(1), type(type), type(None), type([]) == list)
