class Acc:
    def __init__(self):
        self.total = 0

    def add(self, n):
        self.total += n
        return self

a = Acc()
add = a.add
add(1)
add(2)
Acc.add(a, 10)
print(a.total, a.add(1).add(1).total, a.add == a.add, add.__self__ is a, add.__name__, list(map(a.add, [1])) == [a])
a.add = lambda n: "instance override"
print(a.add(5))
