class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e:
    print(str(e).split("\n")[0])
try:
    class D(A, A): pass
except TypeError as e:
    print(e)
try:
    class E(5): pass
except TypeError:
    print("TypeError")
