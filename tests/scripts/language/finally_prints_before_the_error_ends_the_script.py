try:
    raise ValueError("end")  # expect raises: ValueError: end
finally:
    print("cleaned up")  # expect: cleaned up
