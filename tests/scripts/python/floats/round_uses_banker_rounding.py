print(round(0.5), round(1.5), round(2.5), round(-0.5), round(-1.5))
print(round(2.675, 2), round(1.005, 2), round(0.125, 2), round(2.5, 0))
print(round(1234.5678, -2), round(1234.5678, 3), round(-1234.5678, 1))
print(type(round(2.5)), type(round(2.5, 0)), type(round(2.5, None)))
print(round(1e22), round(1e308, 2), round(5e-324, 300), round(0.1, 25))
for bad in (float("nan"), float("inf")):
    try:
        round(bad)
    except (ValueError, OverflowError) as e:
        print(type(e).__name__, e)
