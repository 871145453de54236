class Shape:
    def area(self):
        raise NotImplementedError(f"{type(self).__name__} has no area")

    def __lt__(self, other):
        return self.area() < other.area()

    def __str__(self):
        return f"{type(self).__name__}({self.area():.2f})"

class Rect(Shape):
    def __init__(self, w, h):
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h

class Square(Rect):
    def __init__(self, side):
        super().__init__(side, side)

class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return 3.14159265 * self.r ** 2

class Blob(Shape):
    pass

shapes = [Circle(1), Rect(2, 5), Square(2)]
print(*sorted(shapes), str(max(shapes)), f"{sum(s.area() for s in shapes):.3f}", sep=" | ")
try:
    print(Blob())
except NotImplementedError as e:
    print(e)
