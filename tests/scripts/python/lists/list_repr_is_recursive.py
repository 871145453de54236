print([1, 1.5, "s", None, True, [2], (3,), {"k": [4]}, b"b", range(2), int, len])
print([[]], [()], [{}], [""], [set()])
