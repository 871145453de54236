# library: imported by the scripts of this folder, not run by itself
import cycle_a

name = "b"

def both():
    return name + cycle_a.name
