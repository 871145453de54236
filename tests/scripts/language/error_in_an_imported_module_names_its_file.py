import beside_broken  # expect raises: ValueError: broken module body
# expect stderr: beside_broken.py
