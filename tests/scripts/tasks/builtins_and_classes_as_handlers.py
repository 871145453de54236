import scriptling.runtime as runtime

class Point:
    def __init__(self, x):
        self.x = x

print(runtime.run(len, [1, 2, 3]).get(), runtime.run(Point, 7).get().x)  # expect: 3 7
