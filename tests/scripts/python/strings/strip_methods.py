s = "  \t padded \n"
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()))
print("xxabcxx".strip("x"), "xyabcyx".strip("xy"), "abc".lstrip("ba"), "abc".rstrip("bc"), "aaa".strip("a") == "")
print("prefix-body".removeprefix("prefix-"), "body.txt".removesuffix(".txt"), "abc".removeprefix("x"), "abc".removesuffix(""))
print(repr("\u00a0x\u2003".strip()), repr("x".strip(None)))
