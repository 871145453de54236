# Few parts and many, separators of one byte and more, near and far, from both ends.
texts = [
    "", " ", "a", "a b", "  a  b  ", "a,b", ",", ",,", "a,,b,", "é,ü,,ß", "日本 語\u3000文", "a\x1cb\x1dc\x1ed\x1fe", "a\x7fb\x00c d", "x\u00a0y\u2003z\x85w",
    "one, two, three", "abcabcab", "aaaa", "a" * 33 + "," + "b" * 40, ",".join(str(n) for n in range(40)), "word " * 17 + "end",
    "é " * 16 + "x", ("a" * 31 + ", ") * 3, "x" * 300 + " y", "<>" * 20, "a--b---c", "ab" * 40 + "abc",
]
seps = [None, ",", " ", "a", "é", ", ", "aa", "ab", "--", "日本", "<>", "abc", "x" * 50, "x" * 300]
for text in texts:
    for sep in seps:
        for limit in (-1, 0, 2, 16):
            parts, back = text.split(sep, limit), text.rsplit(sep, limit)
            if limit < 0 or len(parts) < 4:
                print(len(parts), parts[:3], parts[-2:], back[:2], back[-2:], end=" ")
            else:
                print(len(parts), len(back), parts[-1][-5:], back[0][-5:], end=" ")
            if sep is not None and (sep.join(parts) != text or sep.join(back) != text):
                print("not the same")
        if sep is not None:
            print(text.partition(sep), text.rpartition(sep), text.find(sep), text.rfind(sep), text.count(sep), sep in text)
            for new in ("", "é", "longer than before"):
                print(len(text.replace(sep, new)), text.replace(sep, new, 1)[:40], text.replace(sep, new, 2)[-40:], text.replace(sep, new, 0) == text, end=" ")
        print()
    print(text.split(), text.strip()[:20], text.lstrip()[:20], text.rstrip()[-20:], text.strip("a "), text.strip("é"), text.strip(" ,abx<>-" + "0123456789"), text.strip(""))
    print(text[::-1], text[-2::-1], text[:1:-1], text[5:1:-1], text[::2], text[::-2])
parts = "a b".split(" ")
parts.append(1)
print(parts, "a b".split(" "), len(("x," * 5000).split(",")), ("x," * 5000).rsplit(",")[:2])


class Text(str):
    def __str__(self):
        return "other"


print(Text("a b").split(), type(Text("ab").split(",")[0]).__name__, type(Text("ab").strip()).__name__, Text(",").join([Text("a"), "b"]), "".join([Text("é")]), "-".join((Text("x"), "é", Text(""))))
print("".join([]), ",".join(()), ",".join(["only"]), "é".join(["a", "b", "c"]), "".join(["a"] * 300)[:5], len("é".join(["x"] * 200)), len(", ".join(["é" * 30] * 9)))
print(",".join(str(n) for n in range(20)), "é".join("abc"), "-".join({"k": 1}), len("".join(["x" * 240])), len("".join(["x" * 240, "y"])))
for items in ([1], ["a", None], ["a", b"b"], 5, ("a", 1)):
    try:
        print("".join(items))
    except TypeError as e:
        print(e)
for length in range(0, 40):
    text = "".join(chr(97 + n % 26) for n in range(length))
    print(text[::-1], text[: length // 2 : -1], text[length // 2 :: -1])
