class Node:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __getattr__(self, name):
        return getattr(self, name + "x")

def nest(n):
    return [nest(n + 1) for _ in range(1)]

for f in (lambda: repr(Node()), lambda: Node() == 1, lambda: Node().a, lambda: nest(0)):
    try:
        f()
    except RecursionError:
        print("RecursionError")
print("still running")
