class B:
    def __bool__(self):
        print("bool asked")
        return False

class L:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

print(bool(B()), not B(), "yes" if L(0) else "no", "yes" if L(2) else "no", len(L(5)), B() or "fallback")
while B():
    pass
for bad in (-1, "x", 1.5):
    try:
        len(L(bad))
    except (ValueError, TypeError) as e:
        print(e)

class Bad:
    def __bool__(self):
        return 1

try:
    bool(Bad())
except TypeError as e:
    print(e)
