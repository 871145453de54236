# library: imported by the scripts of this folder, not run by itself
raise ValueError("broken module body")
