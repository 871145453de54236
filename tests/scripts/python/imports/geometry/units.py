# library: imported by the scripts of this folder, not run by itself
FACTORS = {"m": 1, "cm": 10000}
calls = 0

def convert(value, unit):
    global calls
    calls += 1
    return value * FACTORS[unit]
