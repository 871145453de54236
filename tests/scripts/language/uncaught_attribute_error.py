class Box:
    pass

Box().lid  # expect raises: AttributeError: 'Box' object has no attribute 'lid'
