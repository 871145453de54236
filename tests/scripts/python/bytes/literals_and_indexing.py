b = b"abc\x00\xff\n'"
print(b, len(b), b[0], b[-1], b[1:3], b[::-1], list(b"xyz"))
print(b"it's", b'"', b"\\", bytes(3), bytes([65, 66]), bytes("é", "utf-8"), bytes(), bytes(b"copy"), b"a" b"b")
for x in b"hi":
    print(x)
try:
    b[0] = 1
except TypeError as e:
    print(e)
for bad in ([256], [-1]):
    try:
        bytes(bad)
    except ValueError as e:
        print(e)
