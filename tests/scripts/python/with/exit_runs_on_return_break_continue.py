class M:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return self.n

    def __exit__(self, *exc):
        print("exit", self.n)

def f():
    with M("f"):
        return "returned"

print(f())
for i in range(4):
    with M(i) as n:
        if n == 1:
            continue
        if n == 2:
            break
        print("body", n)
