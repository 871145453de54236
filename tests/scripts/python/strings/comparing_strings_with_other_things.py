values = ["", "a", "b", "ab", "é", "aé", None, 0, 1, 1.0, True, (), ("a",), [], {}]
for v in values:
    print([v == w for w in values].count(True), [v != w for w in values].count(True), v in values, v in ("a", 1))
print("a" < "b", "a" < "aa", "é" > "z", "" < "a", "Z" < "a", "ab" <= "ab", "b" >= "ab", "\uffff" < "\U00010000")
print(1 < 1.5, 2 >= 2.0, 2**53 < 2.0**53 + 2, 2**53 + 1 > float(2**53), 1 < float("nan"), float("inf") > 10**30)
for text, part in (("hello", "l"), ("hello", "lo"), ("hello", ""), ("", ""), ("", "x"), ("héllo", "é"), ("a" * 300 + "b", "ab"), ("hello", "z")):
    print(part in text, text.find(part), text.rfind(part), text.count(part), text.replace(part, "-")[:8], text.replace(part, "-", 1)[-8:])
try:
    print("a" < 1)
except TypeError as e:
    print(e)
try:
    print(1 in "abc")
except TypeError as e:
    print(e)


class Text(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7


print(Text("x") == "y", "y" == Text("x"), Text("x") != "x", Text("x") in ["q"], "q" in [Text("x")])
print("a-b-c".split("-"), "a--b".split("--"), "abc".split("-"), "-".split("-"), "a,b,c".split(",", 1), "a b  c ".split(), "x".split("xx"), "a,b".split(",", 0))
print("%d|%5d|%-5d|%05d|%x|%X|%o|%+d|% d|%.3d|%#x|%s" % (1, -2, 3, -4, 255, 255, 8, 5, 6, 7, 255, 12))
print(f"{5} {-7:>4} {255:x} {255:#X} {1234567:,} {5!r} {'a'!r} {2**70} {3:03d} {-3:=5d}", str(0), str(-15), repr(10), str(2**63))
print(" xx ".strip(), "xxaxx".strip("x"), "abcba".strip("ab"), "a".strip("abcdefghijklmnopqrstuvwxyz"), "éaé".strip("é"))
