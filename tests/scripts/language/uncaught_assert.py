n = 3
assert n > 5, f"n is only {n}"  # expect raises: AssertionError: n is only 3
