for width in (0, 3, 6, 7):
    print(repr("abc".ljust(width)), repr("abc".rjust(width, "*")), repr("abc".center(width, "-")))
print("ab".center(5, "."), "abc".center(6, "."), "a".center(4, "."), "".center(3, "x"))
try:
    "a".ljust(5, "xx")
except TypeError as e:
    print(e)
