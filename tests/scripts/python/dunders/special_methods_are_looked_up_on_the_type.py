class A:
    pass

a = A()
a.__len__ = lambda: 5
a.__call__ = lambda: "called"
for f in (lambda: len(a), lambda: a()):
    try:
        print(f())
    except TypeError as e:
        print(e)
A.__len__ = lambda self: 7
print(len(a))
