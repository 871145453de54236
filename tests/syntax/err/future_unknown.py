# error: 2:1: SyntaxError: future feature nothing_such is not defined
from __future__ import nothing_such
