class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        ns["tag"] = kw.get("tag", name.lower())
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    def __call__(cls, *args):
        obj = super().__call__(*args)
        obj.made_by = "Meta"
        return obj

    def __len__(cls):
        return 42

class A(metaclass=Meta):
    pass

class B(A, tag="bee"):
    pass

print(A.tag, B.tag, A().made_by, len(B), type(B).__name__)
