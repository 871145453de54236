class Left:
    def __add__(self, other):
        print("Left.__add__")
        return NotImplemented

class Right:
    def __radd__(self, other):
        print("Right.__radd__")
        return "right answered"

print(Left() + Right())
try:
    Left() + 1
except TypeError as e:
    print(e)
try:
    1 + Left()
except TypeError as e:
    print(e)
