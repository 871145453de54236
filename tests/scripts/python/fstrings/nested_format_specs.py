width = 10
precision = 3
value = 3.14159265
print(f"{value:{width}.{precision}f}|", f"{value:{width}}|", f"{'x':{'*'}^{width}}|", f"{value:.{precision}}|", f"{42:{'0'}{'8'}{'b'}}")
