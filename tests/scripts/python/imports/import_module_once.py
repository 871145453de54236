import plainlib
import plainlib as again
from plainlib import value, get as fetch, Thing

print(plainlib is again, value, fetch(), Thing().where(), plainlib.__name__, __name__)
print(plainlib.bump(), plainlib.value, value, fetch())
plainlib.value = 99
print(fetch(), plainlib.get())
plainlib.added = "new attribute"
print(again.added, hasattr(plainlib, "missing"))
