s = "añ日本🎉z"
print(len(s), s[1], s[-2], s[2:4], s[::-1], s[::2], s[-3:], s[:-1])
for ch in s:
    print(ch, ord(ch), hex(ord(ch)), len(ch.encode()))
print(s.find("🎉"), s.index("z"), "🎉" in s, s.count("本"))
print("🎉" * 3, "e\u0301", len("e\u0301"), "\U0001F600" == "😀")
