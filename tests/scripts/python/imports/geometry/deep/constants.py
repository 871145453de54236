# library: imported by the scripts of this folder, not run by itself
from .. import units as _units

SIDES = 4
FACTOR_COUNT = len(_units.FACTORS)
