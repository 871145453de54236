# Short text is in the string's cell, long text outside: nothing may tell them apart.
def describe(s):
    half = len(s) // 2
    return (
        len(s), s[:2], s[-2:], s[half:half + 3], s[::-1][:4], s[1::7][:5], s[-1::-3][:5], s[5:5], s[len(s):],
        s.isascii(), s.upper()[:3], s.find("z"), s.count("a"), s.startswith(s[:half]), s.endswith(s[half:]),
    )


for unit in ["a", "ab", "é", "a€", "🎉x", "ab€🎉"]:
    for size in [0, 1, 2, 3, 15, 16, 17, 22, 23, 24, 31, 32, 33, 63, 64, 111, 112, 113, 127, 128, 239, 240, 241, 255, 256, 257, 700]:
        repeated = (unit * size)[:size]
        joined = "".join([repeated[i] for i in range(size)])
        grown = ""
        for c in repeated:
            grown += c
        sliced = ("<" + repeated + ">")[1:-1]
        formatted = f"{repeated}"
        halves = f"{repeated[:size // 2]}{repeated[size // 2:]}"
        percent = "%s%s" % (repeated[:3], repeated[3:])
        twice = repeated[::-1][::-1]
        replaced = ("#" + repeated).replace("#", "")
        for other in [joined, grown, sliced, formatted, halves, percent, twice, replaced]:
            assert other == repeated and hash(other) == hash(repeated) and len(other) == size, (unit, size)
            assert not other != repeated and other <= repeated and not other < repeated
            assert {repeated: 1}[other] == 1 and other in {repeated} and other in repeated
            assert [c for c in other] == list(repeated)
        assert repeated + "x" != repeated and ("x" + repeated)[1:] == repeated
    print(unit, describe((unit * 50)[:50]))
    print(unit, describe((unit * 400)[:400]))

# The same length and the same first character are not the same text.
for size in [2, 17, 100, 240, 241, 1000]:
    a, b = "a" * size, "a" * (size - 1) + "b"
    print(size, a == b, a != b, a < b, a in {b}, {a: 1}.get(b), a.encode() == b.encode())

# Mixed text: as many bytes, other code points.
print("é" == "ab", "éa" == "aé", len("é" * 120), len("é" * 121), ("é" * 120 + "a")[-2:], ("é" * 121)[::-1][:2])
for size in [119, 120, 121, 300]:
    s = "é" * size + "ü"
    print(s.index("ü"), s.find("ü", 5), s.rfind("é"), s[size], s[-1], s[size // 2:size // 2 + 2], s.replace("é", "")[0])

# A string that is appended to twice.
for stem in ["a" * 100, "a" * 113, "é" * 60, "a" * 500]:
    stem += "b"
    stem += "c"
    left, right = stem + "left", stem + "right"
    print(left[-6:], right[-7:], len(left), len(right), stem[-2:])
    left += "é"
    right += "!" * 300
    print(left[-3:], right[-3:], len(left), len(right), left.isascii(), right.isascii())
empty = ""
print((empty + "x") + empty, empty + empty == "", len(empty + "é" + empty))
