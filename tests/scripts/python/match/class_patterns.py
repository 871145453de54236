class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

class Circle:
    def __init__(self, center, r):
        self.center, self.r = center, r

def f(s):
    match s:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return f"on y axis at {y}"
        case Point(x, 0):
            return f"on x axis at {x}"
        case Point() as p:
            return f"point {p.x},{p.y}"
        case Circle(center=Point(x, y), r=r) if r > 10:
            return f"big circle at {x},{y}"
        case Circle(r=r):
            return f"circle {r}"
        case int(n) | float(n):
            return f"number {n}"
        case str() | bytes():
            return "text"
        case list([a, b]):
            return f"list pair {a} {b}"
        case _:
            return "unknown"

for s in (Point(0, 0), Point(0, 5), Point(5, 0), Point(1, 2), Circle(Point(1, 1), 20), Circle(Point(0, 0), 1), 5, 2.5, "s", [1, 2], [1], None, True):
    print(f(s))
