def outer():
    middle()

def middle():
    inner()

def inner():
    raise ValueError("deep")  # expect raises: ValueError: deep

outer()
# expect stderr: Traceback (most recent call last):
# expect stderr: in <module>
# expect stderr: in outer
# expect stderr: in middle
# expect stderr: in inner
