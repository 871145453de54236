from plainlib import *

print(value, get(), Thing.__name__)
try:
    _private
except NameError as e:
    print(e)
