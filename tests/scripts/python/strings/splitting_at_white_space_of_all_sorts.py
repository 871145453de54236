for text in ["a b c", " a  b ", "a\tb\nc\r\nd", "a\x1cb\x1dc\x1ed\x1fe", "a\x7fb \x00c", "é à\u2003ü\u00a0ö", "a\u3000 b", "x" * 50 + " " + "y" * 300, "é " * 5, "\x85a\x85", "", "  "]:
    print(text.split(), text.split(None, 1), text.split(" "), text.split(" ", 1), text.strip(), text.rsplit(None, 1))
for text, prefix, start in [("abc", "b", 1), ("abc", "", 3), ("abc", "", 4), ("abc", "c", -1), ("éab", "a", 1), ("éab", "b", 2), ("éab", "", 3), ("éab", "", 4), ("abc", "abcd", 0), ("a" * 300, "a" * 299, 1)]:
    print(text.startswith(prefix, start), text.endswith(prefix, start), text.startswith(prefix), text.endswith(prefix), text.startswith((prefix, "zz"), start))
for text in ["abc", "ABC", "aBc", "", "é", "ÀB", "ß", "a" * 300 + "B", "ABC1", "123", "\x7f"]:
    print(text.upper()[-3:], text.lower()[-3:], text.upper().isupper(), text.lower().islower(), text.upper() == text, text.lower() == text)
for text, old, new in [("a|b|c", "|", ""), ("aaa", "a", "aa"), ("abc", "x", "y"), ("abc", "", "-"), ("é|é", "|", "€"), ("x" * 239, "x", "xy"), ("x" * 300, "x", ""), ("aXbX", "X", "X")]:
    print(text.replace(old, new)[-5:], len(text.replace(old, new)), text.replace(old, new, 1)[-3:], text.replace(old, new, 0) == text)
