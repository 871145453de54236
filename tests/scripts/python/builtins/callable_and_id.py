class C:
    def __call__(self):
        return 1

print(callable(len), callable(C), callable(C()), callable(5), callable(lambda: 0), callable("x".upper), callable(None))
a = []
b = a
print(id(a) == id(b), id(a) == id([]), id(None) == id(None), (a is b) == (id(a) == id(b)))
