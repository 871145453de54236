b = bytearray(b"abc")
b[0] = 120
b.append(33)
b += b"z"
print(b, bytes(b), len(b), b == b"xbc!z", b.decode(), bytearray(2), bytearray([1]))
