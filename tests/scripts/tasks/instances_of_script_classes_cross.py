import scriptling.runtime as runtime

class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def moved(self, d):
        return Point(self.x + d, self.y + d)

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

def move(p, d):
    p.x += 100
    return p.moved(d), isinstance(p, Point)

p = Point(1, 2)
moved, same_class = runtime.run(move, p, 5).get()
print(moved, same_class, p)  # expect: Point(106, 7) True Point(1, 2)
print(isinstance(moved, Point), moved == Point(106, 7))  # expect: True True
print(runtime.run(p.moved, 1).get())  # expect: Point(2, 3)
