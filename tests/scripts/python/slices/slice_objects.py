s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, slice(5), s == slice(1, 10, 2), s.indices(6), slice(None, None, -1).indices(4), slice(-3, None).indices(10))
print([0, 1, 2, 3][slice(1, 3)], "abcdef"[slice(None, None, 2)], range(10)[slice(2, 8, 3)])
