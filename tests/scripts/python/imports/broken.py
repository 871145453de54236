# library: imported by the scripts of this folder, not run by itself
print("broken starts")
raise ValueError("broken while loading")
