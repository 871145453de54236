def f():
    import plainlib
    from geometry.units import convert
    return plainlib.get(), convert(2, "cm")

print(f())
print(f())
try:
    plainlib
except NameError as e:
    print(e)
