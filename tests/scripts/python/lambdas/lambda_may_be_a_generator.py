g = lambda n: (yield n) or (yield "second")
print(list(g(1)), type(g(2)).__name__)
