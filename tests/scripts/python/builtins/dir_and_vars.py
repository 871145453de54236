class A:
    x = 1

    def __init__(self):
        self.y = 2

    def method(self):
        pass

a = A()
print([n for n in dir(a) if not n.startswith("_")], [n for n in dir(A) if not n.startswith("_")], vars(a), "append" in dir([]), "upper" in dir(str))
print([k for k in vars(A) if not k.startswith("_")])

def f(p):
    q = 1
    return sorted(locals())

print(f(0), "a" in globals(), globals()["a"] is a)
