class A:
    def __init__(self, x):
        self.x = x

class B:
    pass

class C:
    def __init__(self):
        return 5

    def method(self):
        pass

for f in (lambda: A(), lambda: A(1, 2), lambda: B(1), lambda: C(), lambda: C.method(), lambda: A.nope(), lambda: A(y=1)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(e)
