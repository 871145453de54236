class Point:
    dimensions = 2

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def moved(self, dx, dy):
        return Point(self.x + dx, self.y + dy)

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

p = Point(1)
q = p.moved(2, 3)
print(p, q, Point.dimensions, p.dimensions, type(p) is Point, type(p).__name__)
p.dimensions = 3
p.extra = "new"
print(p.dimensions, q.dimensions, Point.dimensions, p.__dict__, vars(q))
del p.dimensions
print(p.dimensions, hasattr(p, "extra"), hasattr(q, "extra"))
