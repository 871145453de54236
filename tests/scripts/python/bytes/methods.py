b = b"Hello, World"
print(b.upper(), b.lower(), b.find(b"World"), b.count(b"l"), b.replace(b"l", b"L"), b.startswith(b"He"), b.endswith((b"x", b"d")))
print(b.split(b", "), b" x ".strip(), b",".join([b"a", b"b"]), b"a-b-c".partition(b"-"), b"12".isdigit(), b"ab".title(), b"5".zfill(3))
print(b"abc".hex(), bytes.fromhex("6162 63"), b"a\nb".splitlines(), b"ab".center(6, b"*"), b.index(87), b"x" * 3, b"a" + b"b")
