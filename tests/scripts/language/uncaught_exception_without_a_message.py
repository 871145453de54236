print("start")  # expect: start
raise ValueError  # expect raises: ValueError
