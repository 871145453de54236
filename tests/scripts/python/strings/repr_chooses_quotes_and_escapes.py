for s in ("plain", "it's", 'say "x"', "it's \"both\"", "tab\t", "nl\n", "cr\r", "\\", "\x00\x1f\x7f", "é日🎉", "\u200b", "\xa0", "\ud7ff", "\ue000", "\U000e0001"):
    print(repr(s))
print(["it's", 'x"y'], ("a\nb",), {"k'": "v"})
print(ascii("é日🎉a\n"))
