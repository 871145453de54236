from geometry import *

print(VERSION, Square(2).area(), area_of(Square(3)))
try:
    units
except NameError as e:
    print(e)
