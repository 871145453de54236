print("a\nb\r\nc\rd".splitlines(), "a\nb\n".splitlines(), "\n\n".splitlines(), "".splitlines())
print("a\nb\r\nc".splitlines(True), "a\x0bb\x0cc\x1cd\u2028e\x85f".splitlines())
print("one\ntwo".splitlines(keepends=True))
