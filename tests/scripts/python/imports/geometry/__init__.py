# library: imported by the scripts of this folder, not run by itself
"""A package beside the scripts."""
from .shapes import Square, area_of
from . import units

__all__ = ["Square", "area_of", "VERSION"]
VERSION = "1.2"
_hidden = "not exported"
