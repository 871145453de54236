print(b"a" < b"b", b"a" == b"a", b"a" == "a", b"ab" > b"a", {b"k": 1}[b"k"], 97 in b"a", b"" == bytes())
print(sorted([b"b", b"a", b"ab"]), max(b"abc"), hash(b"x") == hash(bytes([120])))
for bad in (lambda: b"a" + "b", lambda: "b" + b"a", lambda: b"a" < "b", lambda: "a" in b"a"):
    try:
        bad()
    except TypeError as e:
        print(e)
