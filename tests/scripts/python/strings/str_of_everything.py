print(str(), str(1), str(1.0), str(None), str(True), str([1, "a", None]), str(("x",)), str({"a": [1]}), str("s"), str(b"b"))
print(str(range(3)), str(int), str(ValueError("m")), str(ValueError()), str(KeyError("k")), str(slice(1, 2)))
print(str(b"abc", "utf-8"), str(object=5))
