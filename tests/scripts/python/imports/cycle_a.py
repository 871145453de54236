# library: imported by the scripts of this folder, not run by itself
import cycle_b

name = "a"

def both():
    return name + cycle_b.name
