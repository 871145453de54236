print(format(5), format(5, "03"), format("x", ">4"), format(3.14159, ".2f"), format(255, "#x"), format(None), format([1]))
print(format(1e10), format(True), format(10 ** 15, ","), format(-5, "=+6"))
