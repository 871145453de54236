x = "global"

def f():
    x = "enclosing"
    class C:
        x = "class"
        seen = x
        def method(self):
            return x
    return C

C = f()
print(C.seen, C().method(), C.x)

class D:
    x = x + "!"

print(D.x)
