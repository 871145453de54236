for e in (Exception(), Exception("one"), Exception("a", 2), ValueError(5), KeyError("k"), KeyError("a", "b"), KeyError(), OSError("plain"), Exception(None), Exception("it's"), Exception(["x"])):
    print(repr(str(e)), repr(e), e.args)
