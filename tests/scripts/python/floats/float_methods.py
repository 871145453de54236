print((2.0).is_integer(), (2.5).is_integer(), (0.75).as_integer_ratio(), (-3.0).as_integer_ratio())
print((1.5).conjugate(), (1.5).real, (1.5).imag)
