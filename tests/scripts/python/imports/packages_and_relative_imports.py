import geometry
import geometry.deep.constants
import geometry.units as u
from geometry import Square, units
from geometry.deep import constants

print(geometry.VERSION, Square(3).area(), geometry.area_of(Square(2), unit="cm"), units is u, u.calls)
print(geometry.deep.constants.SIDES, constants.FACTOR_COUNT, Square.sides, geometry.__name__, u.__name__, constants.__name__)
print(geometry.__doc__)
