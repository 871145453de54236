import json

class Point:
    def __init__(self, x):
        self.x = x

for bad in (Point(1), {1, 2}, b"x", [len], {(1, 2): 3}):
    try:
        json.dumps(bad)
    except TypeError as e:
        print(e)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as e:
    print(e)
print(json.dumps([Point(5), 1], default=lambda p: {"x": p.x}))
