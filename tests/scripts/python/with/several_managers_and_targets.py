class Manager:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        print("enter", self.value)
        return [self.value, self.value * 2]

    def __exit__(self, *exc):
        print("exit", self.value, exc[0])

with Manager(1) as (a, b), Manager(2) as [c, *rest]:
    print(a, b, c, rest)
with (
    Manager(3) as x,
    Manager(4),
):
    print(x)
holder = {}
with Manager(5) as holder["key"]:
    print(holder)
