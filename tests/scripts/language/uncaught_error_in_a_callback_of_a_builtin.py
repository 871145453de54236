def key(x):
    return 1 / x  # expect raises: ZeroDivisionError: division by zero

print(sorted([3, 2, 0], key=key))
