# library: imported by the scripts of this folder, not run by itself
from .units import convert
from .deep.constants import SIDES

print("shapes loaded")

class Square:
    sides = SIDES

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2

def area_of(shape, unit="m"):
    return convert(shape.area(), unit)
