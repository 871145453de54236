"""Statements of one line."""
from __future__ import annotations
import a, b.c, d . e as f
from a import b
from a.b import (c, d as e,)
from . import a
from .. import b as c
from ...a.b import *
from .... import a

pass; x = 1; y = 2;
x = y = z = 0
x, = y
x, *y = *z, 1
[a, b], (c, *d) = e
(x) = 1
x: int
x: int = 1
(x): int = 1
x.y: int = 1
x[0]: tuple[int, ...] = 1, *y
x += 1; x -= 1; x *= 2; x /= 2; x //= 2; x %= 2; x **= 2
x @= y; x &= y; x |= y; x ^= y; x <<= 1; x >>= 1
del x
del x.y, x[0], (a, [b, c])
assert x
assert x, "message"
global g1, g2
