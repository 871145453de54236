print(2.0 ** 3, 2 ** 0.5, 4 ** 0.5, 10.0 ** -3, 0.0 ** 0, 1.0 ** float("nan"))
print(float("inf") ** 0, (-2.0) ** 3, (-8.0) ** 2, 2.5 ** 2)
try:
    10.0 ** 400
except OverflowError as e:
    print(type(e).__name__)
