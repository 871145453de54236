class Len:
    def __init__(self, n):
        self.n = n

    def __lt__(self, o):
        print("lt")
        return self.n < o.n

    def __le__(self, o):
        print("le")
        return self.n <= o.n

a, b = Len(1), Len(2)
print(a < b, a > b, a <= b, a >= b, a < b < Len(3))
try:
    a < 5
except AttributeError as e:
    print(e)

class One:
    def __gt__(self, o):
        return f"gt {o}"

print(1 < One(), One() > 2)
try:
    One() < 2
except TypeError as e:
    print(e)
