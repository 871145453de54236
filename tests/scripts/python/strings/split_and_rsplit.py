print("a b  c".split(), "a b  c".split(" "), "".split(), "".split(","), "   ".split())
print("a,b,c".split(","), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "a,b,c".split(",", 0))
print("  a b c ".split(None, 1), "  a b c ".rsplit(None, 1), "a--b--c".split("--"), "abc".split("abc"))
print("a,b,c".split(sep=",", maxsplit=1), "1<>2<>3".rsplit("<>", maxsplit=1))
try:
    "a".split("")
except ValueError as e:
    print(e)
