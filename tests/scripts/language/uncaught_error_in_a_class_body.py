class Config:
    print("body runs")  # expect: body runs
    value = [][0]  # expect raises: IndexError: list index out of range
